import { CloseCode, defaultTimeout } from './abi.js';
import { hostOf, normalizeWebSocketUrl } from './websocket-url.js';
import { type CodecOption, codecFor } from './codec.js';
import { Connection, TypedConnection } from './connection.js';
import type { Counters } from './counters.js';
import { Engine } from './engine.js';
import { TwinsocketError } from './errors.js';
import type { ConnectOptions, TypedConnectOptions } from './options.js';
import type { PlatformModule, PlatformResponse, PlatformUrl } from './platform.js';
import type { ReconnectOptions, TypedReconnectOptions } from './reconnect-options.js';
import { ReconnectingConnection } from './reconnecting.js';
import type { Session } from './session.js';
import type { PlatformSocketClass } from './sockets.js';
import { withTimeout, checkDuration } from './with-timeout.js';

/** Source of the WebAssembly module: a URL, a `fetch` response, the bytes, or the compiled module. */
export type ModuleSource = string | PlatformUrl | PlatformResponse | ArrayBuffer | ArrayBufferView | PlatformModule;

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

/** @internal The differences between browsers and Node. */
export interface Platform {
  /** Loads the module from the package's own file, or from `source` if given. */
  load(source: ModuleSource | undefined): Promise<WebAssembly.Module>;
  socketClass(): Promise<PlatformSocketClass>;
}

interface ClientFunctions {
  connect: Connect;
  reconnecting: Reconnecting;
  init: (source?: ModuleSource) => Promise<void>;
}

/** All connections share one instance of the module. */
const shared: { engine: Promise<Engine> | undefined } = { engine: undefined };

/** @internal Creates the functions that depend on the platform. */
export function client(platform: Platform): ClientFunctions {
  /** After a failure the next call tries again. */
  const engine = (source?: ModuleSource): Promise<Engine> => {
    shared.engine ??= platform
      .load(source)
      .then(Engine.start)
      .catch((error: unknown) => {
        shared.engine = undefined;
        throw error instanceof TwinsocketError
          ? error
          : new TwinsocketError('unsupported', `the WebAssembly module could not be loaded: ${String(error)}`);
      });
    return shared.engine;
  };

  async function open(url: string | URL, options: ConnectOptions, counters?: Counters): Promise<Session> {
    const { subprotocols = [], timeout = defaultTimeout, signal, limits = {}, keepalive = {}, webSocket } = options;
    const address = normalizeWebSocketUrl(url);
    const deadline = performance.now() + checkDuration('timeout', timeout);
    const timeoutText = `${address} was not connected`;
    const [loaded, socketClass] = await withTimeout<[Engine, PlatformSocketClass]>(
      { timeout, signal },
      timeoutText,
      (resolve, reject) => {
        Promise.all([engine(), (webSocket as PlatformSocketClass | undefined) ?? platform.socketClass()]).then(
          resolve,
          reject,
        );
        return () => undefined;
      },
    );
    const left = Math.max(1, deadline - performance.now());
    return withTimeout<Session>({ signal }, timeoutText, (resolve, reject) =>
      loaded.connect(socketClass, address, subprotocols, left, limits, keepalive, counters, resolve, reject),
    );
  }

  async function connect(
    url: string | URL,
    options: ConnectOptions & { codec?: CodecOption<unknown> } = {},
  ): Promise<Connection | TypedConnection<unknown>> {
    const session = await open(url, options);
    try {
      return wrap(session, options.codec);
    } catch (error) {
      // The caller never gets the connection and so cannot close it.
      session.close(CloseCode.normal, '');
      throw error;
    }
  }

  function reconnecting(url: string | URL, options: ReconnectOptions & { codec?: CodecOption<unknown> } = {}): unknown {
    const connector = {
      host: () => {
        try {
          return hostOf(normalizeWebSocketUrl(url));
        } catch {
          return ''; // The attempt to connect reports the error.
        }
      },
      engine: () => engine(),
      open: (with_: ConnectOptions, counters: Counters) => open(url, with_, counters),
    };
    return new ReconnectingConnection(connector, options, (session) => wrap(session, options.codec));
  }

  return {
    connect: connect as Connect,
    reconnecting: reconnecting as Reconnecting,
    init: async (source) => void (await engine(source)),
  };
}

function wrap(session: Session, codec?: CodecOption<unknown>): Connection | TypedConnection<unknown> {
  return codec ? new TypedConnection(session, codecFor(codec, session.subprotocol)) : new Connection(session);
}
