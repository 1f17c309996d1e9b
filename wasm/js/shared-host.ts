// The connections of a shared worker, and the tabs that use them.

import { CloseCode, messageOverhead } from './abi.js';
import type { CloseInfo } from './close.js';
import type { Message } from './codec.js';
import type { Connection } from './connection.js';
import { TwinsocketError } from './errors.js';
import type { ReconnectOptions } from './reconnect-options.js';
import type { ReconnectingConnection } from './reconnecting.js';
import { type CopiedError, type FromTab, type ToTab, copyError, copyStatus } from './shared-protocol.js';

type Attach = Extract<FromTab, { type: 'attach' }>;
type Open = (url: string, options: ReconnectOptions) => ReconnectingConnection;
/** Calls `gone` when no tab holds the lock any more. The returned function cancels that. */
type WatchLock = (lock: string, gone: () => void) => () => void;

/** The end of a port of a worker: a MessagePort. */
export interface TabPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: ToTab): void;
  close(): void;
}

/** A tab that is attached to a connection. */
interface Tab {
  readonly port: TabPort;
  readonly prepares: boolean;
  readonly receiveQueueBytes: number;
  /** Bytes that were posted to the tab and that its program has not received. */
  waiting: number;
  /** True while messages are left out, because the program of the tab receives too slowly. */
  isBehind: boolean;
  unwatch: () => void;
}

/** `onConnected` of a tab, for a new connection. */
interface Preparation {
  readonly attempt: number;
  readonly tab: Tab;
  readonly fresh: Connection;
  resolve(): void;
  reject(error: TwinsocketError): void;
}

const overflow: CloseInfo = Object.freeze({
  code: CloseCode.tryAgainLater,
  reason: 'the receive queue is full',
  clean: false,
  initiator: 'local',
});

/** One connection and its tabs. */
class SharedSession {
  private readonly socket: ReconnectingConnection;
  private readonly tabs = new Set<Tab>();
  private preparation: Preparation | undefined;
  private attempts = 0;

  /** `ended` is called when the connection takes no further tabs. */
  constructor(
    { url, options }: Attach,
    open: Open,
    private readonly ended: () => void,
  ) {
    this.socket = open(url, { ...options, onConnected: (fresh) => this.prepare(fresh) });
    this.socket.addEventListener('status', () => this.publishStatus());
    void this.broadcast();
    void this.socket.closed.then((info) => this.finish(info));
  }

  attach(port: TabPort, { prepares, receiveQueueBytes, lock }: Attach, watch: WatchLock): Tab {
    const tab: Tab = { port, prepares, receiveQueueBytes, waiting: 0, isBehind: false, unwatch: () => undefined };
    tab.unwatch = watch(lock, () => this.detach(tab, CloseCode.goingAway, '', false));
    this.tabs.add(tab);
    this.postStatus(tab);
    return tab;
  }

  /** Handles a message of an attached tab. */
  handle(tab: Tab, message: Exclude<FromTab, Attach>): void {
    if (message.type === 'send') this.answer(tab, message.id, this.socket.send(message.data, message.options));
    else if (message.type === 'received') this.acknowledge(tab, message.bytes);
    else if (message.type === 'retry') this.socket.retryNow();
    else if (message.type === 'online') this.socket.setOnline(message.on);
    else if (message.type === 'detach') this.detach(tab, message.code, message.reason, message.drop);
    else this.handlePreparation(tab, message);
  }

  private answer(tab: Tab, id: number, result: Promise<Message>): void {
    result.then(
      (value) => tab.port.postMessage({ type: 'result', id, value }),
      (error) => tab.port.postMessage({ type: 'failed', id, error: copyError(error) }),
    );
  }

  /** Without other tabs the connection is closed, and the tab gets its close result. */
  private detach(tab: Tab, code: number, reason: string, drop: boolean): void {
    if (!this.tabs.has(tab)) return;
    if (this.tabs.size === 1) {
      this.ended();
      if (drop) this.socket.abort();
      else void this.socket.close(code, reason);
      return;
    }
    this.remove(tab, { code, reason, clean: !drop, initiator: 'local' }, undefined);
    if (this.preparation?.tab === tab)
      this.preparation.reject(new TwinsocketError('connect_failed', 'the tab that set up the connection was closed'));
  }

  private remove(tab: Tab, info: CloseInfo, error: CopiedError | undefined): void {
    this.tabs.delete(tab);
    tab.unwatch();
    tab.port.postMessage({ type: 'detached', info, error });
  }

  private finish(info: CloseInfo): void {
    this.ended();
    const { error } = this.socket.status;
    for (const tab of this.tabs) this.remove(tab, info, error && copyError(error));
  }

  // Messages and the status.

  private async broadcast(): Promise<void> {
    try {
      for await (const message of this.socket) for (const tab of this.tabs) this.postMessage(tab, message);
    } catch {
      // Reported by the status.
    }
  }

  private postMessage(tab: Tab, message: Message): void {
    if (tab.isBehind) return;
    if (tab.waiting > tab.receiveQueueBytes) {
      tab.isBehind = true;
      this.postStatus(tab);
      return;
    }
    tab.waiting += message.length + messageOverhead;
    tab.port.postMessage({ type: 'message', message });
  }

  private acknowledge(tab: Tab, bytes: number): void {
    // A page that came back may report messages from before.
    tab.waiting = Math.max(0, tab.waiting - bytes);
    if (!tab.isBehind || tab.waiting > tab.receiveQueueBytes / 2) return;
    tab.isBehind = false;
    this.postStatus(tab);
  }

  private publishStatus(): void {
    for (const tab of this.tabs) this.postStatus(tab);
  }

  /** To a tab that is behind, the connection looks lost. */
  private postStatus(tab: Tab): void {
    const { status: current, subprotocol } = this.socket;
    const status = copyStatus(current);
    const isLost = tab.isBehind && current.phase === 'open';
    tab.port.postMessage({
      type: 'status',
      status: isLost ? { ...status, phase: 'waiting', close: overflow } : status,
      subprotocol,
    });
  }

  // onConnected, which one of the tabs performs.

  private prepare(fresh: Connection): Promise<void> | undefined {
    const tab = [...this.tabs].find(({ prepares }) => prepares);
    if (!tab) return undefined;
    // Another tab is next, if this one does not answer, as when the browser has frozen it.
    this.tabs.delete(tab);
    this.tabs.add(tab);
    const attempt = ++this.attempts;
    return new Promise((resolve, reject) => {
      this.preparation = { attempt, tab, fresh, resolve, reject };
      tab.port.postMessage({ type: 'prepare', attempt, subprotocol: fresh.subprotocol });
    });
  }

  private handlePreparation(tab: Tab, message: Extract<FromTab, { attempt: number }>): void {
    const { preparation } = this;
    if (preparation?.attempt !== message.attempt || preparation.tab !== tab) {
      // The attempt has timed out, or its connection was lost.
      if ('id' in message)
        this.answer(tab, message.id, Promise.reject(new TwinsocketError('closed', 'it is too late')));
      return;
    }
    const { fresh } = preparation;
    if (message.type === 'fresh-send') {
      this.answer(tab, message.id, fresh.send(message.data));
    } else if (message.type === 'fresh-receive') {
      this.answer(tab, message.id, fresh.receive({ timeout: message.timeout }));
    } else {
      this.preparation = undefined;
      const { error } = message;
      if (error) preparation.reject(new TwinsocketError(error.code, error.message, error.closeInfo));
      else preparation.resolve();
    }
  }
}

/** All connections of a worker, by their keys. */
export class SharedHost {
  private readonly sessions = new Map<string, SharedSession>();

  constructor(
    private readonly open: Open,
    private readonly watch: WatchLock,
    /** The name of the lock that the worker holds. */
    private readonly lock: string,
  ) {}

  /** Serves a tab. Its first message attaches it. */
  accept(port: TabPort): void {
    port.onmessage = ({ data }: { data: Attach }) => {
      port.postMessage({ type: 'worker', lock: this.lock });
      try {
        const session = this.sessions.get(data.key) ?? this.start(data);
        const tab = session.attach(port, data, this.watch);
        port.onmessage = (event) => session.handle(tab, event.data);
      } catch (error) {
        // An option is invalid.
        const info: CloseInfo = { code: CloseCode.abnormal, reason: '', clean: false, initiator: 'none' };
        port.postMessage({ type: 'detached', info, error: copyError(error) });
      }
    };
  }

  private start(attach: Attach): SharedSession {
    const { key } = attach;
    const session: SharedSession = new SharedSession(attach, this.open, () => {
      if (this.sessions.get(key) === session) this.sessions.delete(key);
    });
    this.sessions.set(key, session);
    return session;
  }
}
