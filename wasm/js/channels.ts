// The entry points twinsocket/channels and twinsocket/inline/channels. Like a program, they import the main entry.

import { ChannelClient } from './channel-client.js';
import type { ChannelClientOptions } from './channel-options.js';
import type { PlatformUrl } from './platform.js';

export type { ChannelClient, ChannelHistory } from './channel-client.js';
export type {
  ChannelEvent,
  ChannelGap,
  ChannelGapCause,
  ChannelMemberChange,
  ChannelPublication,
} from './channel-events.js';
export type {
  ChannelClientOptions,
  ChannelDecoder,
  ChannelEncoder,
  HistoryOptions,
  PublishOptions,
  SubscribeOptions,
} from './channel-options.js';
export type { ConnectResponse, Member, Position } from './channel-protocol.js';
export type { ChannelSubscription } from './channel-subscription.js';

/**
 * Connects to a server of channels, and reconnects whenever the connection is lost. Returns at once and connects in the
 * background. Throws `invalid_argument` for an invalid option; an invalid URL ends the client with `invalid_url`.
 */
export function channels(url: string | PlatformUrl, options: ChannelClientOptions = {}): ChannelClient {
  return new ChannelClient(url, options);
}
