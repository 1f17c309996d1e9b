// What a client of channels does, without a connection: which messages it sends, and which events its subscriptions get. The
// counterpart of sdk/src/channels/client_machine.cpp.

import type { ClientMessage, FailureCode, Position, Response, ServerMessage } from './channel-protocol.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import { SubscriptionState } from './subscription-state.js';

export type ChannelRequest = ClientMessage['request'];
export type ResponseValue = Response['value'];

/** Who waits for a response. */
export interface Requester {
  resolve(value: ResponseValue): void;
  reject(error: TwinsocketError): void;
}

/** A request without a response. One of a subscription is not repeated as it is. */
interface Pending {
  readonly request: ChannelRequest;
  readonly from: Requester | SubscriptionState;
  /** True until its channel is subscribed. */
  isPostponed?: boolean;
}

const errorCodes: Partial<Record<FailureCode, ErrorCode>> = {
  not_allowed: 'cancelled',
  too_fast: 'queue_full',
  unavailable: 'timed_out',
};

export class ChannelMachine {
  private isConnected = false;
  private ended: TwinsocketError | undefined;
  private readonly subscriptions = new Map<string, SubscriptionState>();
  /** By their numbers, in the order in which they were made. */
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private keys = 0;
  private output: ClientMessage[] = [];
  private postponed: SubscriptionState[] = [];

  /** The keys of publications begin with `keyPrefix`: unique among all clients. */
  constructor(
    private readonly queue: number,
    private readonly maxRequests: number,
    private readonly keyPrefix: string,
  ) {}

  // Of the application.

  subscribe(channel: string, since?: Position): SubscriptionState {
    const made = new SubscriptionState(channel, this.queue);
    made.last = since;
    if (this.ended) made.end(this.ended);
    else if (this.subscriptions.has(channel))
      made.end(new TwinsocketError('invalid_argument', `there is a subscription to "${channel}" already`));
    else {
      this.subscriptions.set(channel, made);
      this.begin(made);
    }
    return made;
  }

  unsubscribe(one: SubscriptionState): void {
    const isKnown = one.phase === 'live' || one.phase === 'subscribing';
    if (this.subscriptions.get(one.channel) !== one) return;
    this.finish(one, new TwinsocketError('closed', 'the subscription was closed'));
    if (isKnown && this.isConnected)
      this.output.push({ id: this.nextId(), request: { UnsubscribeRequest: { channel: one.channel } } });
  }

  /** Takes an event out of the queue. What was dropped is fetched once the queue is empty. */
  take(one: SubscriptionState): ReturnType<SubscriptionState['shift']> {
    const event = one.shift();
    if (event && one.overflowed && one.isEmpty && one.phase !== 'ended') {
      one.overflowed = false;
      one.phase = 'waiting';
      this.begin(one);
    }
    return event;
  }

  /** Calls one function of `from` once. Returns the number of the request; 0 if it has failed at once. */
  request(request: ChannelRequest, from: Requester): number {
    if (this.ended) {
      from.reject(this.ended);
      return 0;
    }
    if (this.pending.size >= this.maxRequests) {
      from.reject(new TwinsocketError('queue_full', `${this.maxRequests} requests wait for their responses`));
      return 0;
    }
    // With the same key it may be repeated on the next connection.
    if ('PublishRequest' in request) request.PublishRequest.key ||= `${this.keyPrefix}${++this.keys}`;
    const id = this.nextId();
    this.pending.set(id, { request, from });
    if (this.isConnected) this.output.push({ id, request });
    return id;
  }

  /** Nobody waits for the response any more. */
  forget(id: number): void {
    this.pending.delete(id);
  }

  // Of the connection.

  /** The server has accepted the client on a new connection. Subscriptions come first: what is published later is received. */
  onConnected(): void {
    if (this.ended) return;
    this.isConnected = true;
    this.output = [];
    const waiting = [...this.pending];
    for (const one of this.subscriptions.values()) if (!one.overflowed) this.begin(one);
    for (const [id, one] of waiting) this.send(id, one);
  }

  onDisconnected(): void {
    this.isConnected = false;
    this.output = [];
    for (const [id, { from }] of this.pending) if (from instanceof SubscriptionState) this.pending.delete(id);
    for (const one of this.subscriptions.values()) {
      one.phase = 'waiting';
      one.request = 0;
      one.early = [];
    }
  }

  onMessage(received: ServerMessage): void {
    if ('Response' in received) return this.onResponse(received.Response);
    const to = this.subscriptions.get(channelOf(received));
    if (!to) return; // It has ended on this side, and the server does not know that yet.
    if (to.phase === 'subscribing') {
      // What does not fit is fetched from the history afterwards. The end of the subscription is in no history.
      if (to.early.length < this.queue || to.early.length === 0) to.early.push(received);
      else if ('Unsubscribed' in received) to.early[to.early.length - 1] = received;
    } else {
      this.deliver(to, received);
    }
  }

  /** The client has ended for good. */
  end(why: TwinsocketError): void {
    if (this.ended) return;
    this.ended = why;
    this.isConnected = false;
    this.output = [];
    this.postponed = [];
    for (const one of [...this.subscriptions.values()]) this.finish(one, why);
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { from } of waiting) if (!(from instanceof SubscriptionState)) from.reject(why);
  }

  /** Subscriptions that the server could not make now. They are to be tried again after a while. */
  takePostponed(): SubscriptionState[] {
    const all = this.postponed;
    this.postponed = [];
    return all;
  }
  retry(one: SubscriptionState): void {
    if (one.phase === 'waiting') this.begin(one);
  }

  /** The message of this request could not be sent. A subscription is tried again later, unless it can never be sent. */
  refuse(id: number, why: TwinsocketError): void {
    const from = this.pending.get(id)?.from;
    this.pending.delete(id);
    if (!(from instanceof SubscriptionState)) return from?.reject(why);
    from.request = 0;
    if (why.code !== 'queue_full') return this.finish(from, why);
    from.phase = 'waiting';
    this.postponed.push(from);
  }

  /** The messages to send now. */
  takeOutput(): ClientMessage[] {
    const all = this.output;
    this.output = [];
    return all;
  }

  private nextId(): number {
    do this.lastId = (this.lastId + 1) >>> 0;
    while (this.lastId === 0 || this.pending.has(this.lastId));
    return this.lastId;
  }

  private begin(one: SubscriptionState): void {
    if (!this.isConnected || one.phase === 'ended') return;
    one.phase = 'subscribing';
    this.forget(one.request);
    const request = { SubscribeRequest: { channel: one.channel, since: one.last } };
    one.request = this.nextId();
    this.pending.set(one.request, { request, from: one });
    this.output.push({ id: one.request, request });
  }

  private send(id: number, one: Pending): void {
    one.isPostponed = false;
    this.output.push({ id, request: one.request });
  }

  private onResponse({ id, value }: Response): void {
    const one = this.pending.get(id);
    if (!one) return;
    const { from } = one;
    if ('Failure' in value && value.Failure.code === 'not_allowed' && this.mayFollowSubscription(one)) {
      one.isPostponed = true;
      return;
    }
    this.pending.delete(id);
    if (from instanceof SubscriptionState) this.onSubscribed(from, value);
    else if ('Failure' in value) from.reject(toError(value.Failure));
    else from.resolve(value);
  }

  /** The server cannot make the subscription now, so it refuses what only subscribers may do. */
  private mayFollowSubscription({ request, from }: Pending): boolean {
    const channel = from instanceof SubscriptionState ? undefined : channelForSubscribers(request);
    const to = channel === undefined ? undefined : this.subscriptions.get(channel);
    // One that waits for room in its queue may wait for the caller of the request.
    return to !== undefined && to.phase !== 'live' && !to.overflowed;
  }

  private sendPostponed(channel: string): void {
    for (const [id, one] of this.pending)
      if (one.isPostponed && channelForSubscribers(one.request) === channel) this.send(id, one);
  }

  private onSubscribed(one: SubscriptionState, value: ResponseValue): void {
    one.request = 0;
    const { early } = one;
    if ('Failure' in value) {
      one.early = [];
      const { code } = value.Failure;
      if (code !== 'too_fast' && code !== 'unavailable') return this.finish(one, toError(value.Failure));
      one.phase = 'waiting';
      this.postponed.push(one);
    } else if ('SubscribeResponse' in value) {
      one.early = [];
      one.resume(value.SubscribeResponse);
      this.sendPostponed(one.channel);
      for (const what of early) this.deliver(one, what);
    } else {
      this.finish(one, wrongResponse(value));
    }
  }

  private deliver(one: SubscriptionState, what: ServerMessage): void {
    if (one.phase !== 'live') return;
    if ('Published' in what) {
      if (!one.accept(what.Published)) this.begin(one);
    } else if ('Joined' in what) one.push({ kind: 'joined', member: what.Joined.member });
    else if ('Left' in what) one.push({ kind: 'left', member: what.Left.member });
    else if ('Unsubscribed' in what) {
      const { retry, reason } = what.Unsubscribed;
      if (!retry) this.finish(one, new TwinsocketError('cancelled', reason));
      else if (!one.overflowed) this.begin(one);
    }
  }

  private finish(one: SubscriptionState, why: TwinsocketError): void {
    this.forget(one.request);
    this.subscriptions.delete(one.channel);
    one.end(why);
    // The server refuses now what waited for the subscription.
    if (this.isConnected) this.sendPostponed(one.channel);
  }
}

/** The channel of a request that only subscribers may make. */
function channelForSubscribers(request: ChannelRequest): string | undefined {
  if ('PublishRequest' in request) return request.PublishRequest.channel;
  if ('HistoryRequest' in request) return request.HistoryRequest.channel;
  return 'PresenceRequest' in request ? request.PresenceRequest.channel : undefined;
}

function channelOf(received: Exclude<ServerMessage, { Response: Response }>): string {
  if ('Published' in received) return received.Published.channel;
  if ('Joined' in received) return received.Joined.channel;
  return 'Left' in received ? received.Left.channel : received.Unsubscribed.channel;
}

export function wrongResponse(value: ResponseValue): TwinsocketError {
  return new TwinsocketError('protocol_violation', `the server has answered with ${Object.keys(value)[0]}`);
}

function toError({ code, reason }: { code: FailureCode; reason: string }): TwinsocketError {
  return new TwinsocketError(errorCodes[code] ?? 'invalid_argument', reason);
}
