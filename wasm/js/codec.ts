/** A WebSocket message: a string for text, a Uint8Array for binary. */
export type Message = string | Uint8Array;

/** Data that can be sent. Of a view only the bytes that it covers are sent. */
export type Sendable = string | ArrayBuffer | ArrayBufferView;

/**
 * Converts values to messages and back. Both methods throw a {@link TwinsocketError} for invalid input.
 * A custom codec is any object with these two methods.
 */
export interface Codec<Out, In = Out> {
  encode(value: Out): Message;
  decode(message: Message): In;
  /**
   * Loads what `encode` and `decode` need, or returns undefined if nothing is left to load. Connections await it before they
   * use the codec. A codec that calls that of another must have the other's `load`.
   */
  load?(): Promise<void> | undefined;
}

/** One codec per direction, for connections that send and receive different types or formats. */
export interface CodecPair<Out, In> {
  readonly send: Pick<Codec<Out>, 'encode' | 'load'>;
  readonly receive: Pick<Codec<In>, 'decode' | 'load'>;
}

/** The option `codec`: a codec, a codec per direction, or a function that returns either for the negotiated subprotocol. */
export type CodecOption<Out, In = Out> =
  | Codec<Out, In>
  | CodecPair<Out, In>
  | ((subprotocol: string) => Codec<Out, In> | CodecPair<Out, In>);

/** @internal Returns the codec for a connection with this subprotocol. */
export function codecFor<Out, In>(option: CodecOption<Out, In>, subprotocol: string): Codec<Out, In> {
  const codec = typeof option === 'function' ? option(subprotocol) : option;
  if (!('send' in codec)) return codec;
  const { send, receive } = codec;
  return {
    encode: (value) => send.encode(value),
    decode: (message) => receive.decode(message),
    load: () => both(send.load?.(), receive.load?.()),
  };
}

function both(one: Promise<void> | undefined, other: Promise<void> | undefined): Promise<void> | undefined {
  return one && other ? Promise.all([one, other]).then(() => undefined) : (one ?? other);
}
