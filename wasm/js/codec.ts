/** A WebSocket message: text is a string, binary is bytes. */
export type Message = string | Uint8Array;

/** What can be sent. A view is sent as the bytes it shows. */
export type Sendable = string | ArrayBuffer | ArrayBufferView;

/**
 * Turns values into messages and back. Both directions throw a {@link TwinsocketError} for what they refuse.
 * A codec of your own is any object with these two methods.
 */
export interface Codec<Out, In = Out> {
  encode(value: Out): Message;
  decode(message: Message): In;
}

/** A codec for each direction, where what is sent and what is received are of different types or formats. */
export interface CodecPair<Out, In> {
  readonly send: Pick<Codec<Out>, 'encode'>;
  readonly receive: Pick<Codec<In>, 'decode'>;
}

/** The option `codec`: one for both directions, one for each, or what gives either for the subprotocol of a connection. */
export type CodecOption<Out, In = Out> =
  | Codec<Out, In>
  | CodecPair<Out, In>
  | ((subprotocol: string) => Codec<Out, In> | CodecPair<Out, In>);

/** @internal The codec of a connection with this subprotocol. */
export function codecFor<Out, In>(option: CodecOption<Out, In>, subprotocol: string): Codec<Out, In> {
  const codec = typeof option === 'function' ? option(subprotocol) : option;
  if (!('send' in codec)) return codec;
  const { send, receive } = codec;
  return { encode: (value) => send.encode(value), decode: (message) => receive.decode(message) };
}
