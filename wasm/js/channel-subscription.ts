import { type ChannelEvent, type EncodedEvent, decodePublication } from './channel-events.js';
import type { ChannelMachine } from './channel-machine.js';
import type { ChannelDecoder } from './channel-options.js';
import type { Position } from './channel-protocol.js';
import type { Message } from './codec.js';
import type { ReceiveOptions } from './options.js';
import { Queue } from './queue.js';
import type { SubscriptionState } from './subscription-state.js';
import { withTimeout } from './with-timeout.js';

/** @internal What a subscription uses of its client. */
export interface SubscriptionOwner {
  readonly machine: ChannelMachine;
  flush(): void;
}

/** A subscription to a channel. It survives reconnects. `T` is the type of the messages. */
export class ChannelSubscription<T = Message> implements AsyncIterable<ChannelEvent<T>> {
  /** The calls of `next` that wait. Each tries to take an event, and returns true if it is done. */
  private readonly waiting = new Queue<() => boolean>();

  /** @internal */
  constructor(
    private readonly owner: SubscriptionOwner,
    private readonly state: SubscriptionState,
    private readonly codec: ChannelDecoder<T>,
  ) {
    state.changed = () => {
      for (let first = this.waiting.first; first?.(); first = this.waiting.first) this.waiting.shift();
    };
  }

  get channel(): string {
    return this.state.channel;
  }

  /**
   * The position of the last publication that was taken or is queued. Absent before the server has answered, and if the
   * channel keeps no history. A later subscription can begin there.
   */
  get position(): Position | undefined {
    return this.state.last && { ...this.state.last };
  }

  /**
   * Returns the next event. A timeout (`timed_out`) or an abort (`cancelled`) ends only this call. If a publication cannot be
   * decoded, rejects with the error of the codec; the subscription goes on. Otherwise it rejects once the subscription has
   * ended: with `invalid_argument` or `cancelled` if the server refused it, with `closed` after `close()`, and with the error of
   * the client if that has ended.
   */
  async next(options: ReceiveOptions = {}): Promise<ChannelEvent<T>> {
    await this.codec.load?.();
    const event = await withTimeout<EncodedEvent>(options, 'no event came', (resolve, reject) => {
      const attempt = (): boolean => {
        const taken = this.owner.machine.take(this.state);
        if (taken) resolve(taken);
        else if (this.state.error) reject(this.state.error);
        else return false;
        return true;
      };
      if (!attempt()) this.waiting.push(attempt);
      return () => this.waiting.remove(attempt);
    });
    this.owner.flush();
    return event.kind === 'encoded' ? decodePublication(event.publication, this.codec) : event;
  }

  /**
   * Iterates over the events until the subscription or the client is closed. Throws if the server refused the subscription, if
   * the client gave up reconnecting, or if a publication cannot be decoded. Leaving the loop early keeps the subscription.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ChannelEvent<T>, void, undefined> {
    for (;;) {
      let event: ChannelEvent<T>;
      try {
        event = await this.next();
      } catch (error) {
        if (this.state.error?.code === 'closed' && error === this.state.error) return;
        throw error;
      }
      yield event;
    }
  }

  /** Ends the subscription. Events that are queued can still be taken. */
  close(): void {
    this.owner.machine.unsubscribe(this.state);
    this.owner.flush();
  }
}
