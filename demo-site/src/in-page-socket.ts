import type { InPageServer } from './in-page-server.js';

/** WebSocket.readyState. */
const State = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

/** Maximum size of a close reason, in bytes of UTF-8. */
const maxReason = 123;

interface CloseLike {
  code: number;
  reason: string;
  wasClean: boolean;
}

/**
 * A WebSocket whose server is in the same page. It behaves like a browser's: every event comes in a task of its own, a
 * connection that cannot be opened ends with an error event and a close event with 1006, and nothing follows the close event.
 */
export class InPageSocket {
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer | Blob }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: CloseLike) => void) | null = null;
  readonly url: string;
  readonly #server: InPageServer;
  #state: number = State.connecting;
  #protocol = '';
  #number: number | undefined;

  constructor(server: InPageServer, url: string, subprotocols: string | readonly string[] = []) {
    this.#server = server;
    const { href, pathname, search } = new URL(url);
    this.url = href;
    const offered = typeof subprotocols === 'string' ? [subprotocols] : subprotocols;
    server.later(() => {
      if (this.#state !== State.connecting) return;
      this.#number = server.open(this, pathname + search, offered);
      if (this.#number === undefined) this.failed();
    });
  }

  get readyState(): number {
    return this.#state;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get bufferedAmount(): number {
    return this.#number === undefined ? 0 : this.#server.buffered(this.#number);
  }

  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (this.#state === State.connecting) throw new DOMException('the socket is connecting', 'InvalidStateError');
    if (this.#state !== State.open || this.#number === undefined) return;
    if (ArrayBuffer.isView(data)) data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#server.send(this.#number, data instanceof ArrayBuffer ? new Uint8Array(data) : (data as string | Uint8Array));
  }

  close(code = 1000, reason = ''): void {
    if (code !== 1000 && !(code >= 3000 && code <= 4999))
      throw new DOMException(`${code} is neither 1000 nor from 3000 to 4999`, 'InvalidAccessError');
    if (new TextEncoder().encode(reason).length > maxReason)
      throw new DOMException(`a reason has at most ${maxReason} bytes`, 'SyntaxError');
    if (this.#state >= State.closing) return;
    const wasOpen = this.#state === State.open;
    this.#state = State.closing;
    if (wasOpen && this.#number !== undefined) this.#server.close(this.#number, code, reason);
    // A connection that is being opened ends without a closing handshake.
    else if (this.#number !== undefined) this.#server.drop(this.#number);
    else this.failed();
  }

  /** @internal Called by the server, like the functions below. */
  opened(subprotocol: string): void {
    this.#server.later(() => {
      if (this.#state !== State.connecting) return;
      this.#state = State.open;
      this.#protocol = subprotocol;
      this.onopen?.({ type: 'open' });
    });
  }

  /** @internal */
  received(data: string | ArrayBuffer): void {
    this.#server.later(() => {
      if (this.#state !== State.open) return;
      this.onmessage?.({ data: typeof data !== 'string' && this.binaryType === 'blob' ? new Blob([data]) : data });
    });
  }

  /** @internal The connection cannot be opened. */
  failed(): void {
    this.#server.later(() => {
      if (this.#state === State.closed) return;
      this.#state = State.closed;
      this.#number = undefined;
      this.onerror?.({ type: 'error' });
      this.onclose?.({ code: 1006, reason: '', wasClean: false });
    });
  }

  /** @internal */
  closed(code: number, reason: string, wasClean: boolean): void {
    this.#server.later(() => {
      if (this.#state === State.closed) return;
      const wasConnecting = this.#state === State.connecting;
      this.#state = State.closed;
      this.#number = undefined;
      if (wasConnecting) this.onerror?.({ type: 'error' });
      this.onclose?.({ code, reason, wasClean });
    });
  }
}
