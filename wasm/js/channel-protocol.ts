// Generated from C++ by src/print_channel_protocol.cpp. Do not edit it: a test compares both.

import * as $ from './description.js';

/** The first request of a connection. */
export interface ConnectRequest {
  /** Proves to the server who the user is. */
  token: string;
}
export const ConnectRequest: $.Description<ConnectRequest> = $.struct('ConnectRequest', {
  token: $.omitEmpty($.string()),
});

/** A place in the history of a channel. */
export interface Position {
  /** Number of the publication. The first one has 1; 0 is before it. */
  offset: bigint;
  /** Changes when the history was lost. */
  epoch: string;
}
export const Position: $.Description<Position> = $.struct('Position', {
  offset: $.required($.int64()),
  epoch: $.required($.string()),
});

/** Subscribes to a channel. */
export interface SubscribeRequest {
  channel: string;
  /** The last position that the client has seen. The response has the publications after it. */
  since?: Position | undefined;
}
export const SubscribeRequest: $.Description<SubscribeRequest> = $.struct('SubscribeRequest', {
  channel: $.required($.string()),
  since: $.omitEmpty($.optional(Position)),
});

/** Ends a subscription. */
export interface UnsubscribeRequest {
  channel: string;
}
export const UnsubscribeRequest: $.Description<UnsubscribeRequest> = $.struct('UnsubscribeRequest', {
  channel: $.required($.string()),
});

/** Publishes `text` or `data`. */
export interface PublishRequest {
  channel: string;
  text?: string | undefined;
  data?: Uint8Array | undefined;
  /** A request with a key that was used in the last minutes publishes nothing again, and has the response of the first. */
  key: string;
}
export const PublishRequest: $.Description<PublishRequest> = $.struct('PublishRequest', {
  channel: $.required($.string()),
  text: $.omitEmpty($.optional($.string())),
  data: $.omitEmpty($.optional($.bytes())),
  key: $.omitEmpty($.string()),
});

/** Asks for publications that are kept. */
export interface HistoryRequest {
  channel: string;
  /** Only those after this position. */
  since?: Position | undefined;
  /** At most this many, the oldest first; 0 for as many as the server gives. */
  limit: number;
}
export const HistoryRequest: $.Description<HistoryRequest> = $.struct('HistoryRequest', {
  channel: $.required($.string()),
  since: $.omitEmpty($.optional(Position)),
  limit: $.omitEmpty($.uint32()),
});

/** Asks who is in a channel. */
export interface PresenceRequest {
  channel: string;
}
export const PresenceRequest: $.Description<PresenceRequest> = $.struct('PresenceRequest', {
  channel: $.required($.string()),
});

/** What a client sends. */
export interface ClientMessage {
  /** Identifies the request on its connection. Not 0. */
  id: number;
  request: { ConnectRequest: ConnectRequest } | { SubscribeRequest: SubscribeRequest } | { UnsubscribeRequest: UnsubscribeRequest } | { PublishRequest: PublishRequest } | { HistoryRequest: HistoryRequest } | { PresenceRequest: PresenceRequest };
}
export const ClientMessage: $.Description<ClientMessage> = $.struct('ClientMessage', {
  id: $.required($.uint32()),
  request: $.required($.oneOf({ ConnectRequest: ConnectRequest, SubscribeRequest: SubscribeRequest, UnsubscribeRequest: UnsubscribeRequest, PublishRequest: PublishRequest, HistoryRequest: HistoryRequest, PresenceRequest: PresenceRequest })),
});

export type FailureCode = 'bad_request' | 'not_allowed' | 'unknown_channel' | 'over_limit' | 'too_fast' | 'unavailable';
export const FailureCode: $.Description<FailureCode> = $.choice('bad_request', 'not_allowed', 'unknown_channel', 'over_limit', 'too_fast', 'unavailable');

/** Why a request was not carried out. */
export interface Failure {
  /** `too_fast` and `unavailable` may be repeated later. */
  code: FailureCode;
  reason: string;
}
export const Failure: $.Description<Failure> = $.struct('Failure', {
  code: $.required(FailureCode),
  reason: $.string(),
});

export interface ConnectResponse {
  /** Identifies this connection. */
  client: string;
  /** Who the server takes the user for. */
  user: string;
}
export const ConnectResponse: $.Description<ConnectResponse> = $.struct('ConnectResponse', {
  client: $.required($.string()),
  user: $.omitEmpty($.string()),
});

/** What became of `since`. */
export type Recovery = 'none' | 'complete' | 'epoch_changed' | 'trimmed';
export const Recovery: $.Description<Recovery> = $.choice('none', 'complete', 'epoch_changed', 'trimmed');

/** A connection in a channel. */
export interface Member {
  /** Identifies the connection. */
  client: string;
  /** Who it is, as the server knows; "" if it does not. */
  user: string;
  /** What the server tells of it, in the application's format. */
  info: string;
}
export const Member: $.Description<Member> = $.struct('Member', {
  client: $.required($.string()),
  user: $.string(),
  info: $.omitEmpty($.string()),
});

/** A message of a channel: `text` or `data`. */
export interface Publication {
  /** Its place in the history; absent if the channel keeps none. */
  offset: bigint;
  /** A text message. */
  text?: string | undefined;
  /** A binary message. */
  data?: Uint8Array | undefined;
  /** Who published it; absent if it was the server. */
  publisher?: Member | undefined;
  /** When it was published, in milliseconds since 1970 by the server's clock. */
  time: bigint;
}
export const Publication: $.Description<Publication> = $.struct('Publication', {
  offset: $.omitEmpty($.int64()),
  text: $.omitEmpty($.optional($.string())),
  data: $.omitEmpty($.optional($.bytes())),
  publisher: $.omitEmpty($.optional(Member)),
  time: $.int64(),
});

export interface SubscribeResponse {
  recovery: Recovery;
  /** That of the last publication. Publications that are pushed before this response arrives follow it: those up to this offset are in `publications` or older. */
  position?: Position | undefined;
  /** Those that are still kept after `since`, the oldest first. */
  publications: Publication[];
}
export const SubscribeResponse: $.Description<SubscribeResponse> = $.struct('SubscribeResponse', {
  recovery: Recovery,
  position: $.omitEmpty($.optional(Position)),
  publications: $.omitEmpty($.list(Publication)),
});

export interface UnsubscribeResponse {
  channel: string;
}
export const UnsubscribeResponse: $.Description<UnsubscribeResponse> = $.struct('UnsubscribeResponse', {
  channel: $.string(),
});

export interface PublishResponse {
  /** Of the publication; absent if the channel keeps no history. */
  position?: Position | undefined;
}
export const PublishResponse: $.Description<PublishResponse> = $.struct('PublishResponse', {
  position: $.omitEmpty($.optional(Position)),
});

export interface HistoryResponse {
  /** That of the last publication. */
  position: Position;
  /** The oldest first. */
  publications: Publication[];
}
export const HistoryResponse: $.Description<HistoryResponse> = $.struct('HistoryResponse', {
  position: Position,
  publications: $.omitEmpty($.list(Publication)),
});

export interface PresenceResponse {
  members: Member[];
}
export const PresenceResponse: $.Description<PresenceResponse> = $.struct('PresenceResponse', {
  members: $.omitEmpty($.list(Member)),
});

/** Answers the request with this `id`. */
export interface Response {
  id: number;
  value: { Failure: Failure } | { ConnectResponse: ConnectResponse } | { SubscribeResponse: SubscribeResponse } | { UnsubscribeResponse: UnsubscribeResponse } | { PublishResponse: PublishResponse } | { HistoryResponse: HistoryResponse } | { PresenceResponse: PresenceResponse };
}
export const Response: $.Description<Response> = $.struct('Response', {
  id: $.required($.uint32()),
  value: $.required($.oneOf({ Failure: Failure, ConnectResponse: ConnectResponse, SubscribeResponse: SubscribeResponse, UnsubscribeResponse: UnsubscribeResponse, PublishResponse: PublishResponse, HistoryResponse: HistoryResponse, PresenceResponse: PresenceResponse })),
});

export interface Published {
  channel: string;
  /** Of the offset. Absent if the channel keeps no history. */
  epoch: string;
  publication: Publication;
}
export const Published: $.Description<Published> = $.struct('Published', {
  channel: $.required($.string()),
  epoch: $.omitEmpty($.string()),
  publication: $.required(Publication),
});

export interface Joined {
  channel: string;
  member: Member;
}
export const Joined: $.Description<Joined> = $.struct('Joined', {
  channel: $.required($.string()),
  member: $.required(Member),
});

export interface Left {
  channel: string;
  member: Member;
}
export const Left: $.Description<Left> = $.struct('Left', {
  channel: $.required($.string()),
  member: $.required(Member),
});

/** The server has ended the subscription. */
export interface Unsubscribed {
  channel: string;
  reason: string;
  /** True if the client should subscribe again. */
  retry: boolean;
}
export const Unsubscribed: $.Description<Unsubscribed> = $.struct('Unsubscribed', {
  channel: $.required($.string()),
  reason: $.string(),
  retry: $.boolean(),
});

export type ServerMessage = { Response: Response } | { Published: Published } | { Joined: Joined } | { Left: Left } | { Unsubscribed: Unsubscribed };
export const ServerMessage: $.Description<ServerMessage> = $.oneOf({ Response: Response, Published: Published, Joined: Joined, Left: Left, Unsubscribed: Unsubscribed });
