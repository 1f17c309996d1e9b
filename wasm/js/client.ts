import { CloseCode, defaultTimeout } from './abi.js';
import { hostOf, normalizeWebSocketUrl } from './websocket-url.js';
import { type Codec, type CodecOption, codecFor } from './codec.js';
import { Connection, TypedConnection } from './connection.js';
import type { Counters } from './counters.js';
import { Engine } from './engine.js';
import type { ConnectOptions, TypedConnectOptions } from './options.js';
import { twinsocketFile } from './module-files.js';
import { ModuleLoader } from './module-loader.js';
import type { ModuleSource, PlatformUrl } from './platform.js';
import type { ReconnectOptions, TypedReconnectOptions } from './reconnect-options.js';
import { ReconnectingConnection } from './reconnecting.js';
import type { Session } from './session.js';
import type { PlatformSocketClass } from './sockets.js';
import { warnOfConnectOptions, warnOfReconnectOptions } from './unknown-options.js';
import { withTimeout, checkDuration } from './with-timeout.js';

export interface Connect {
  /**
   * Opens a WebSocket. The URL is parsed by the WHATWG URL standard: `http:` and `https:` mean `ws:` and `wss:`, and in
   * a page the URL may be relative to the document's base. Rejects with a `TwinsocketError`: `invalid_url`,
   * `invalid_argument` (a subprotocol is not a token), `connect_failed`, `handshake_failed`, `timed_out`, `cancelled`,
   * `unsupported` (the platform has no WebSocket or no WebAssembly).
   */
  (url: string | PlatformUrl, options?: ConnectOptions & { codec?: undefined }): Promise<Connection>;
  /** Opens a WebSocket for typed values. `Out` is the type that is sent, `In` the type that is received. */
  <Out, In = Out>(url: string | PlatformUrl, options: TypedConnectOptions<Out, In>): Promise<TypedConnection<Out, In>>;
}

export interface Reconnecting {
  /**
   * Opens a WebSocket and reconnects whenever the connection is lost. Returns at once and connects in the background. An
   * invalid URL or an invalid option closes it for good with that error.
   */
  (url: string | PlatformUrl, options?: ReconnectOptions & { codec?: undefined }): ReconnectingConnection;
  /** The same for typed values. `Out` is the type that is sent, `In` the type that is received. */
  <Out, In = Out>(url: string | PlatformUrl, options: TypedReconnectOptions<Out, In>): ReconnectingConnection<Out, In>;
}

type Options = ConnectOptions & { codec?: CodecOption<unknown> };

type Wrapped = Connection | TypedConnection<unknown>;

// What an entry exports is no result of a call. So a bundler knows that it can leave out what is not used, also in the minified
// code, which has no annotations of pure calls: `connect` does not need what `reconnecting` consists of.

let shared: ModuleLoader<Engine> | undefined;

/** All connections share one instance of the module. */
function engines(): ModuleLoader<Engine> {
  return (shared ??= new ModuleLoader(twinsocketFile, (module) => Engine.start(module)));
}

/** Returns the WebSocket class of the platform. */
type PlatformClass = () => Promise<PlatformSocketClass>;

/** @internal Loads the module. */
export async function init(source?: ModuleSource): Promise<void> {
  await engines().load(source);
}

/** @internal The function `connect` of a platform. */
export async function connectWith(
  platformClass: PlatformClass,
  url: string | URL,
  options: Options = {},
): Promise<Wrapped> {
  warnOfConnectOptions(options);
  const { codec, signal, timeout = defaultTimeout } = options;
  const deadline = performance.now() + timeout;
  const session = await open(platformClass, url, options);
  try {
    const chosen = codec && codecFor(codec, session.subprotocol);
    const loading = chosen?.load?.();
    if (loading) {
      const left = Math.max(1, deadline - performance.now());
      await withTimeout<void>({ timeout: left, signal }, 'the codec was not loaded', (resolve, reject) => {
        loading.then(resolve, reject);
        return () => undefined;
      });
    }
    return wrap(session, chosen);
  } catch (error) {
    // The caller never gets the connection and so cannot close it.
    session.close(CloseCode.normal, '');
    throw error;
  }
}

/** @internal The function `reconnecting` of a platform. `names` has the names of the options of a caller that passes on others. */
export function reconnectingWith(
  platformClass: PlatformClass,
  url: string | URL,
  options: ReconnectOptions & { codec?: CodecOption<unknown> } = {},
  names?: object,
): unknown {
  warnOfReconnectOptions(options, names);
  const connector = {
    host: () => {
      try {
        return hostOf(normalizeWebSocketUrl(url));
      } catch {
        return ''; // The attempt to connect reports the error.
      }
    },
    engine: () => engines().load(),
    open: (with_: Options, counters: Counters) => open(platformClass, url, with_, counters),
  };
  return new ReconnectingConnection(connector, options, wrap);
}

/** Connects, and loads what that needs: the module, and the codec unless the subprotocol selects it. */
async function open(
  platformClass: PlatformClass,
  url: string | URL,
  options: Options,
  counters?: Counters,
): Promise<Session> {
  const { subprotocols = [], timeout = defaultTimeout, signal, limits = {}, keepalive = {} } = options;
  const { codec, webSocket } = options;
  const address = normalizeWebSocketUrl(url);
  const deadline = performance.now() + checkDuration('timeout', timeout);
  const timeoutText = `${address} was not connected`;
  const [loaded, socketClass] = await withTimeout<[Engine, PlatformSocketClass]>(
    { timeout, signal },
    timeoutText,
    (resolve, reject) => {
      Promise.all([
        engines().load(),
        (webSocket as PlatformSocketClass | undefined) ?? platformClass(),
        codec && typeof codec !== 'function' ? codecFor(codec, '').load?.() : undefined,
      ]).then(([engine, socketClass]) => resolve([engine, socketClass]), reject);
      return () => undefined;
    },
  );
  const left = Math.max(1, deadline - performance.now());
  return withTimeout<Session>({ signal }, timeoutText, (resolve, reject) =>
    loaded.connect(socketClass, address, [subprotocols].flat(), left, limits, keepalive, counters, resolve, reject),
  );
}

function wrap(session: Session, codec: Codec<unknown> | undefined): Wrapped {
  return codec ? new TypedConnection(session, codec) : new Connection(session);
}
