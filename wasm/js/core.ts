// The platform-independent exports. Each entry point adds connect(), reconnecting() and init().

export type { CloseInfo, CloseInitiator } from './close.js';
export type { Codec, CodecOption, CodecPair, Message, Sendable } from './codec.js';
export { type CodecOptions, type DescribedCodec, binary, text } from './codecs.js';
export type { Connect, Reconnecting } from './client.js';
export type { Connection, TypedConnection } from './connection.js';
export type { Counters } from './counters.js';
export {
  type Description,
  type Infer,
  type OptionalDescription,
  asString,
  attribute,
  boolean,
  bytes,
  choice,
  content,
  float32,
  int16,
  int32,
  int64,
  int8,
  integer,
  lazy,
  list,
  map,
  number,
  omitEmpty,
  oneElement,
  oneOf,
  optional,
  required,
  string,
  struct,
  time,
  uint16,
  uint32,
  uint64,
  uint8,
  withDefault,
  xmlName,
} from './description.js';
export { type ErrorCode, TwinsocketError } from './errors.js';
export * from './formats.js';
/** @internal */
export { withChecks } from './generated-checks.js';
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
  SendOptions,
  TypedReconnectOptions,
  OverflowPolicy,
} from './reconnect-options.js';
export type { ModuleSource } from './platform.js';
export type { ReconnectingConnection } from './reconnecting.js';
export type { StandardIssue, StandardProperties, StandardResult, StandardSchema } from './standard-schema.js';
