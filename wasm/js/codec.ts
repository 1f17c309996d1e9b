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
}

/** One codec per direction, for connections that send and receive different types or formats. */
export interface CodecPair<Out, In> {
  readonly send: Pick<Codec<Out>, 'encode'>;
  readonly receive: Pick<Codec<In>, 'decode'>;
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
  return { encode: (value) => send.encode(value), decode: (message) => receive.decode(message) };
}
