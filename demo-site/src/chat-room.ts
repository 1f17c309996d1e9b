import { TwinsocketError } from 'demo-messages';
import type { ChannelClient, ChannelEvent, ChannelHistory, ChannelPublication } from 'demo-messages/channels';

export type RoomEvent = ChannelEvent | { readonly kind: 'history'; readonly publications: ChannelPublication[] };

/** Subscribes to a channel. The last messages come first, then what happens from now on. Each publication comes once. */
export async function* roomEvents(client: ChannelClient, channel: string): AsyncGenerator<RoomEvent> {
  const room = client.subscribe(channel);
  const history = await historyOf(client, channel);
  // What was published before the history was sent is in both.
  let shown = history?.position.offset ?? 0n;
  if (history) yield { kind: 'history', publications: history.publications };
  for await (const event of room) {
    // Offsets of another history cannot be compared.
    if (event.kind === 'gap') shown = 0n;
    if (event.kind !== 'publication' || event.offset > shown) yield event;
  }
}

/** Absent if the server refuses it. Then it refuses the subscription, too, which has the reason. */
async function historyOf(client: ChannelClient, channel: string): Promise<ChannelHistory | undefined> {
  for (;;) {
    try {
      return await client.history(channel);
    } catch (error) {
      const isLate = error instanceof TwinsocketError && error.code === 'timed_out' && client.status.phase !== 'open';
      if (!isLate) return undefined;
    }
  }
}
