// Generated from C++ by src/print_abi.cpp. Do not edit it: a test compares both.

/** The names of `twinsocket::errc`, in the order of their values. */
export const errorCodes = [
  'ok',
  'closed',
  'peer_timeout',
  'timed_out',
  'cancelled',
  'invalid_argument',
  'invalid_url',
  'resolve_failed',
  'connect_failed',
  'handshake_failed',
  'tls_failed',
  'protocol_violation',
  'invalid_utf8',
  'invalid_close_code',
  'reason_too_long',
  'message_too_big',
  'too_many_fragments',
  'queue_full',
  'wrong_kind',
  'malformed',
  'type_mismatch',
  'too_deep',
  'unsupported',
  'system',
  'wrong_thread',
] as const;

/** The names of `twinsocket::close_initiator`, in the order of their values. */
export const closeInitiators = ['none', 'local', 'remote'] as const;

/** The names of `twinsocket::reconnect_phase`, in the order of their values. */
export const reconnectPhases = ['connecting', 'preparing', 'open', 'waiting', 'paused', 'closed'] as const;

/** The names of `twinsocket::overflow_policy`. */
export const overflowPolicies = ['wait', 'drop-newest', 'drop-oldest', 'latest-per-key', 'close'] as const;

/** @internal State of a connection. */
export const enum Phase {
  connecting = 0,
  open = 1,
  closing = 2,
  settled = 3,
  ended = 4,
  failed = 5,
}

/** @internal Bits of the state of the page. */
export const enum PageBit {
  online = 1,
  visible = 2,
  left = 4,
  resumed = 8,
}

/** @internal Close codes. */
export const enum CloseCode {
  normal = 1000,
  goingAway = 1001,
  protocolError = 1002,
  unsupportedData = 1003,
  noStatus = 1005,
  abnormal = 1006,
  invalidPayload = 1007,
  policyViolation = 1008,
  messageTooBig = 1009,
  mandatoryExtension = 1010,
  internalError = 1011,
  serviceRestart = 1012,
  tryAgainLater = 1013,
  badGateway = 1014,
  tlsFailed = 1015,
}

/** @internal The defaults of `limits`, in the order of `for_each_option`. */
export const limitDefaults = {
  maxMessageSize: 16777216,
  receiveQueueBytes: 1048576,
  sendQueueBytes: 16777216,
  closeTimeout: 5000,
  idleTimeout: 86400000,
} as const;

/** @internal The defaults of `keepalive`, in the order of `for_each_option`. */
export const keepaliveDefaults = {
  interval: 30000,
  timeout: 20000,
} as const;

/** @internal The defaults of `reconnect_policy`, in the order of `for_each_option`. */
export const reconnectDefaults = {
  initialDelay: 1000,
  growthFactor: 2,
  maxDelay: 30000,
  maxRetryAfter: 300000,
  minUptime: 10000,
  maxAttempts: 1000,
} as const;

/** @internal Default timeout of connecting, in milliseconds. */
export const defaultTimeout = 30000;

/** @internal Default size of the offline queue, in bytes. */
export const defaultOfflineQueueBytes = 1048576;

/** @internal Bytes that a message in a receive queue counts in addition to its payload. */
export const messageOverhead = 64;

/** @internal Maximum size of a close reason, in bytes of UTF-8. */
export const maxCloseReason = 123;

/** @internal Largest nesting depth of arrays and objects, or of elements. */
export const maxDepth = 256;
