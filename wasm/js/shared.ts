// The entry point twinsocket/shared. Like a program, it imports the main entry.

import { reconnecting as reconnectAlone } from './browser.js';
import type { CodecOption } from './codec.js';
import type { PlatformUrl } from './platform.js';
import type { SharedConnection, SharedOptions, TypedSharedOptions } from './shared-options.js';
import { TabConnection } from './shared-connection.js';
import { canShare } from './shared-tab.js';
import { normalizeWebSocketUrl } from './websocket-url.js';

export type { FreshConnection, SharedConnection, SharedOptions, TypedSharedOptions } from './shared-options.js';

export interface SharedReconnecting {
  /**
   * As `reconnecting` of the main entry, but all tabs of an origin that pass the same URL, subprotocols and `name` share one
   * WebSocket, which lives in a shared worker until the last of them closes it or is closed. Each tab receives all messages.
   * The other options are those of the tab that came first. Where there is no `SharedWorker` or no Web Locks, as in Chrome on
   * Android, in Node, in workers and in pages without HTTPS, and with the option `webSocket`, the connection is not shared.
   */
  (url: string | PlatformUrl, options?: SharedOptions & { codec?: undefined }): SharedConnection;
  /** The same for typed values. `Out` is the type that is sent, `In` the type that is received. */
  <Out, In = Out>(url: string | PlatformUrl, options: TypedSharedOptions<Out, In>): SharedConnection<Out, In>;
}

type Options = SharedOptions & { codec?: CodecOption<unknown> };

function open(url: string | URL, options: Options = {}): unknown {
  const { name = '', worker, ...rest } = options;
  const address = canShare() && !options.webSocket ? normalized(url) : undefined;
  return address === undefined ? reconnectAlone(url, rest as never) : new TabConnection(address, rest, name, worker);
}

/** Undefined for an invalid URL, whose error is reported by a connection that is not shared. */
function normalized(url: string | URL): string | undefined {
  try {
    return normalizeWebSocketUrl(url);
  } catch {
    return undefined;
  }
}

/** Opens a WebSocket that reconnects when the connection is lost and that the tabs of an origin share. */
export const reconnecting: SharedReconnecting = open as SharedReconnecting;
