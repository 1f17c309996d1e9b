import type { EncodedEvent } from './channel-events.js';
import type { Position, Published, ServerMessage, SubscribeResponse } from './channel-protocol.js';
import type { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';

/**
 * - `waiting`: for a connection, or for room in the queue.
 * - `subscribing`: the request is sent.
 * - `live`: the server has accepted it.
 * - `ended`: for good.
 */
export type SubscriptionPhase = 'waiting' | 'subscribing' | 'live' | 'ended';

/** A subscription as the {@link ChannelMachine} sees it, with the events that nobody has taken yet. */
export class SubscriptionState {
  phase: SubscriptionPhase = 'waiting';
  /** The position of the last publication that is queued or was taken. */
  last: Position | undefined;
  wasLive = false;
  /** True if events were dropped because the queue was full. */
  overflowed = false;
  /** What came before the response to the request. */
  early: ServerMessage[] = [];
  /** The number of its request that has no response yet; 0 for none. */
  request = 0;
  /** Why it has ended. */
  error: TwinsocketError | undefined;
  /** Called when an event was queued, and when the subscription has ended. */
  changed: () => void = () => undefined;

  private readonly events = new Queue<EncodedEvent>();
  private size = 0;

  constructor(
    readonly channel: string,
    private readonly capacity: number,
  ) {}

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Queues an event. If the queue is full, this event and all later ones are dropped. */
  push(event: EncodedEvent): void {
    if (this.overflowed) return;
    if (this.size === this.capacity) {
      this.overflowed = true;
      return;
    }
    ++this.size;
    this.events.push(event);
    this.changed();
  }

  shift(): EncodedEvent | undefined {
    if (this.size > 0) --this.size;
    return this.events.shift();
  }

  /** Continues where it was. */
  resume({ recovery, position, publications }: SubscribeResponse): void {
    this.phase = 'live';
    const { last } = this;
    const isComplete = recovery === 'complete';
    const follows = isComplete && last && position && position.epoch === last.epoch && position.offset >= last.offset;
    if (!follows && (last || this.wasLive)) {
      // A response that says so and does not follow what was asked for is that of another history.
      this.push({ kind: 'gap', why: isComplete ? 'epoch_changed' : recovery === 'none' ? 'no_history' : recovery });
      if (isComplete) this.last = undefined;
    }
    this.wasLive = true;
    // Those before the position of the response and after what was passed on: no server has a reason to send others.
    const before = recovery === 'epoch_changed' || this.last?.epoch !== position?.epoch ? undefined : this.last;
    let previous = before?.offset ?? 0n;
    for (const publication of publications) {
      const { offset } = publication;
      if (!position || offset <= previous || offset > position.offset) continue;
      previous = offset;
      this.push({ kind: 'encoded', publication });
      // What did not fit into the queue was not received: the next request begins before it.
      if (!this.overflowed) this.last = { offset, epoch: position.epoch };
    }
    if (!this.overflowed) this.last = position;
  }

  /** Returns false if publications before it are missing: then the server is to be asked for all that follow the last. */
  accept({ epoch, publication }: Published): boolean {
    if (this.overflowed) return true;
    const { last } = this;
    const { offset } = publication;
    if (offset > 0n && last) {
      const isSame = epoch === last.epoch;
      if (isSame && offset <= last.offset) return true; // It was in the response.
      if (!isSame || offset > last.offset + 1n) return false;
    }
    this.push({ kind: 'encoded', publication });
    if (offset > 0n && last && !this.overflowed) this.last = { offset, epoch };
    return true;
  }

  end(why: TwinsocketError): void {
    this.phase = 'ended';
    this.error = why;
    this.early = [];
    this.changed();
  }
}
