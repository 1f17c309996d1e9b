// A ChannelMachine on a reconnecting connection. The counterpart of sdk/src/channels/channel_client_state.cpp.

import { CloseCode } from './abi.js';
import { reconnecting } from './browser.js';
import { ChannelMachine, type ChannelRequest, type ResponseValue } from './channel-machine.js';
import type { ChannelClientOptions } from './channel-options.js';
import { ClientMessage, type ConnectResponse, ServerMessage } from './channel-protocol.js';
import type { TypedConnection } from './connection.js';
import { TwinsocketError } from './errors.js';
import { cbor, json } from './formats.js';
import { randomText } from './random.js';
import type { TypedReconnectOptions } from './reconnect-options.js';
import type { ReconnectingConnection } from './reconnecting.js';
import { checkDuration, checkLimit, withTimeout } from './with-timeout.js';

type Connection = TypedConnection<ClientMessage, ServerMessage>;

/** A subscription that the server cannot make now is tried again after this time, in milliseconds. */
const retryDelay = 1000;

/** How long a server may take to close after it has refused the client, in milliseconds. */
const refusalTimeout = 1000;

/** Close codes after which the server does not want the client back. */
const refusals = [3500, 4999] as const;

const formats = { json, cbor };

/** The names of the options that `reconnecting` does not have, but must know because it warns about unknown ones. */
const ownNames: Readonly<Record<Exclude<keyof ChannelClientOptions, keyof TypedReconnectOptions<unknown>>, unknown>> = {
  maxRequests: 0,
  queue: 0,
  requestTimeout: 0,
  token: 0,
};

type ReconnectingWithNames = (
  url: string | URL,
  options: TypedReconnectOptions<ClientMessage, ServerMessage>,
  names: object,
) => ReconnectingConnection<ClientMessage, ServerMessage>;

export class ChannelConnection {
  readonly machine: ChannelMachine;
  readonly socket: ReconnectingConnection<ClientMessage, ServerMessage>;
  identity: ConnectResponse | undefined;
  private readonly requestTimeout: number;
  /**
   * The last connection on which the server has accepted the client. Requests are sent on it, not on `socket`: what could not
   * be sent is sent again by the machine, and must not be in an offline queue, too. Absent while the machine's first messages
   * on a new connection are sent.
   */
  private current: Connection | undefined;
  private readonly retries = new Set<ReturnType<typeof setTimeout>>();

  constructor(url: string | URL, options: ChannelClientOptions) {
    const { token, codec = 'json', queue = 1000, maxRequests = 1000, requestTimeout = 30_000, ...reconnect } = options;
    if (!Object.hasOwn(formats, codec)) throw new TwinsocketError('invalid_argument', `codec is ${String(codec)}`);
    checkLimit('queue', queue);
    if (queue < 1) throw new TwinsocketError('invalid_argument', 'queue is 0');
    checkLimit('maxRequests', maxRequests);
    this.requestTimeout = checkDuration('requestTimeout', requestTimeout);
    this.machine = new ChannelMachine(queue, maxRequests, `${randomText()}-`);
    const format = formats[codec];
    const all: TypedReconnectOptions<ClientMessage, ServerMessage> = {
      ...reconnect,
      subprotocols: [`twinsocket.channels.${codec}`],
      codec: { send: format(ClientMessage), receive: format(ServerMessage) },
      stopOn: [...(reconnect.stopOn ?? []), refusals],
      onConnected: (fresh) => this.greet(fresh, token),
    };
    this.socket = (reconnecting as ReconnectingWithNames)(url, all, ownNames);
    void this.receive();
  }

  /** Sends what the machine has to send. What a lost connection does not take is repeated on the next one. */
  flush(): void {
    const { current } = this;
    if (!current) return;
    for (const message of this.machine.takeOutput()) {
      try {
        if (current.trySend(message) === 'refused' && current.state === 'open')
          this.machine.refuse(message.id, new TwinsocketError('queue_full', 'the send queue is full'));
      } catch (error) {
        this.machine.refuse(message.id, toError(error));
      }
    }
    this.retryLater();
  }

  ask(request: ChannelRequest): Promise<ResponseValue> {
    return withTimeout({ timeout: this.requestTimeout }, 'the server did not answer', (resolve, reject) => {
      const id = this.machine.request(request, { resolve, reject });
      this.flush();
      return () => this.machine.forget(id);
    });
  }

  /** Ends the client for good. */
  end(why: TwinsocketError): void {
    this.machine.end(why);
    this.current = undefined;
    for (const timer of this.retries) clearTimeout(timer);
    this.retries.clear();
  }

  /** Runs on every new connection before anything else is sent. */
  private async greet(fresh: Connection, token: ChannelClientOptions['token']): Promise<void> {
    await fresh.send({ id: 1, request: { ConnectRequest: { token: (await token?.()) ?? '' } } });
    const received = await fresh.receive();
    if (!('Response' in received)) throw unexpected();
    const { value } = received.Response;
    if ('Failure' in value) {
      const { code, reason } = value.Failure;
      if (code !== 'not_allowed') throw new TwinsocketError('handshake_failed', reason);
      await closedByServer(fresh);
      throw new TwinsocketError('cancelled', reason);
    }
    if (!('ConnectResponse' in value)) throw unexpected();
    this.identity = value.ConnectResponse;
    this.current = undefined;
    this.machine.onDisconnected();
    this.machine.onConnected();
    try {
      for (let output = this.machine.takeOutput(); output.length > 0; output = this.machine.takeOutput())
        for (const message of output) await this.sendWaiting(fresh, message);
    } catch (error) {
      this.machine.onDisconnected();
      throw error;
    }
    this.current = fresh;
  }

  private async sendWaiting(fresh: Connection, message: ClientMessage): Promise<void> {
    try {
      await fresh.send(message);
    } catch (error) {
      if (fresh.state !== 'open') throw error;
      this.machine.refuse(message.id, toError(error));
    }
  }

  private async receive(): Promise<void> {
    try {
      for (;;) {
        this.machine.onMessage(await this.socket.receive());
        this.flush();
      }
    } catch (error) {
      const why = toError(error);
      this.end(why);
      void this.socket.close(CloseCode.invalidPayload, why.message);
    }
  }

  private retryLater(): void {
    for (const one of this.machine.takePostponed()) {
      const timer = setTimeout(() => {
        this.retries.delete(timer);
        this.machine.retry(one);
        this.flush();
      }, retryDelay);
      this.retries.add(timer);
    }
  }
}

/** A server closes after a refusal. Its close code is that of the client, unless it takes too long. */
async function closedByServer(fresh: Connection): Promise<void> {
  const waiting = withTimeout<void>({ timeout: refusalTimeout }, '', (resolve) => {
    void fresh.closed.then(() => resolve());
    return () => undefined;
  });
  await waiting.catch(() => undefined);
}

function unexpected(): TwinsocketError {
  return new TwinsocketError('protocol_violation', 'the server did not answer the ConnectRequest');
}

/** Why the client has ended. A server that refuses the client says so by its close code. */
function toError(error: unknown): TwinsocketError {
  if (!(error instanceof TwinsocketError)) return new TwinsocketError('system', String(error));
  const { code, closeInfo } = error;
  const isRefusal = code === 'closed' && closeInfo && closeInfo.code >= refusals[0] && closeInfo.initiator === 'remote';
  return isRefusal ? new TwinsocketError('cancelled', closeInfo.reason, closeInfo) : error;
}
