// What does not depend on the platform; each entry adds connect() and init() to it.

export type { CloseInfo, CloseInitiator } from './close.js';
export type { Codec, Message, Sendable } from './codec.js';
export { binary, json, text } from './codecs.js';
export type { Connect, ModuleSource, Reconnecting } from './client.js';
export type { Connection, TypedConnection } from './connection.js';
export {
  type Description,
  type Infer,
  type OptionalDescription,
  boolean,
  choice,
  int16,
  int32,
  int8,
  integer,
  list,
  number,
  optional,
  required,
  string,
  struct,
  uint16,
  uint32,
  uint8,
} from './description.js';
export { type ErrorCode, TwinsocketError } from './errors.js';
export type {
  ConnectOptions,
  Keepalive,
  Limits,
  ReceiveOptions,
  SendStatus,
  TypedConnectOptions,
  WebSocketClass,
} from './options.js';
export type {
  CloseCodes,
  ReconnectOptions,
  ReconnectPhase,
  ReconnectPolicy,
  ReconnectStatus,
  TypedReconnectOptions,
} from './reconnect-options.js';
export type { ReconnectingConnection } from './reconnecting.js';
export { xml } from './xml.js';
