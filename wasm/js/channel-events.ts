import type { Codec, Message } from './codec.js';
import type { Member, Publication, Recovery } from './channel-protocol.js';

/** A message of a channel. `T` is `string | Uint8Array`, or what the codec decodes. */
export interface ChannelPublication<T = Message> {
  readonly kind: 'publication';
  readonly value: T;
  /** Its place in the history of the channel. `0n` if the channel keeps none. */
  readonly offset: bigint;
  /** Who published it. Absent if it was the server. */
  readonly publisher?: Member | undefined;
  /** When it was published, in milliseconds since 1970 by the server's clock. */
  readonly time: bigint;
}

/**
 * Why publications are missing:
 *
 * - `no_history`: the channel keeps none, and the connection was lost.
 * - `epoch_changed`: the server has lost its history.
 * - `trimmed`: the server no longer keeps all that was missed.
 */
export type ChannelGapCause = 'no_history' | Exclude<Recovery, 'none' | 'complete'>;

/** Publications are missing here. */
export interface ChannelGap {
  readonly kind: 'gap';
  readonly why: ChannelGapCause;
}

/** A client has subscribed to the channel, or has left it. */
export interface ChannelMemberChange {
  readonly kind: 'joined' | 'left';
  readonly member: Member;
}

/** What a subscription returns. `kind` tells which it is. */
export type ChannelEvent<T = Message> = ChannelPublication<T> | ChannelGap | ChannelMemberChange;

/** @internal An event whose publication is not decoded. */
export type EncodedEvent =
  | ChannelGap
  | ChannelMemberChange
  | { readonly kind: 'encoded'; readonly publication: Publication };

/** @internal Decodes a publication. Throws the error of the codec. */
export function decodePublication<T>(from: Publication, codec: Pick<Codec<T>, 'decode'>): ChannelPublication<T> {
  const { offset, publisher, time } = from;
  return { kind: 'publication', value: codec.decode(from.data ?? from.text ?? ''), offset, publisher, time };
}
