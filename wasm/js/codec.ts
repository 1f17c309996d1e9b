/** A WebSocket message: text is a string, binary is bytes. */
export type Message = string | Uint8Array;

/** What can be sent. A view is sent as the bytes it shows. */
export type Sendable = string | ArrayBuffer | ArrayBufferView;

/**
 * Turns values into messages and back. Both directions throw a {@link TwinsocketError} for what they refuse.
 * A codec of your own is any object with these two methods.
 */
export interface Codec<T> {
  encode(value: T): Message;
  decode(message: Message): T;
}
