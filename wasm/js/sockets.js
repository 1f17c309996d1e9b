/**
 * The WebSockets that WebAssembly refers to by number, and the events of the page. This file is part of the npm package
 * and, through CMake, of library_twinsocket.js. Emscripten's older tools parse it too, so it uses only ES2017.
 *
 * @typedef {object} SocketEvents Events of the sockets. None comes after `ended` or after a drop.
 * @property {(id: number, subprotocol: string) => void} opened
 * @property {(id: number, data: string | ArrayBuffer) => void} received
 * @property {(id: number, code: number, reason: string, why: string) => void} ended
 *   The close event. `why` is the platform's error text; it is empty in browsers.
 * @property {(id: number) => void} timer
 *
 * @typedef {object} PlatformSocket The members of a WebSocket that are used here.
 * @property {string} binaryType
 * @property {number} bufferedAmount
 * @property {string | null} protocol
 * @property {((event: unknown) => void) | null} onopen
 * @property {((event: { data: string | ArrayBuffer }) => void) | null} onmessage
 * @property {((event: { message?: string, error?: { message?: string } }) => void) | null} onerror
 * @property {((event: { code: number, reason: string }) => void) | null} onclose
 * @property {(data: string | Uint8Array) => void} send
 * @property {(code?: number, reason?: string) => void} close
 * @property {(() => void) | undefined} [terminate] Drops the connection. Only the package `ws` has it.
 *
 * @typedef {new (url: string, subprotocols: string[]) => PlatformSocket} PlatformSocketClass
 *
 * @typedef {object} Encoder The members of TextEncoder that are used here.
 * @property {(text: string) => Uint8Array} encode
 * @property {(text: string, into: Uint8Array) => { read: number, written: number }} encodeInto
 *
 * @typedef {object} Decoder The members of TextDecoder that are used here.
 * @property {(bytes: Uint8Array) => string} decode
 */

/**
 * @param {SocketEvents} events
 * @param {() => PlatformSocketClass} socketClass
 */
export function createSockets(events, socketClass) {
  /** @type {Map<number, { socket: PlatformSocket, timer: ReturnType<typeof setTimeout> | undefined }>} */
  const table = new Map();

  const copyBytes = typeof process === 'object' && !!process.versions && !!process.versions.node;

  /** @param {number} id */
  function forget(id) {
    const entry = table.get(id);
    if (!entry) return undefined;
    table.delete(id);
    clearTimeout(entry.timer);
    entry.socket.onopen = entry.socket.onmessage = entry.socket.onclose = null;
    // Not null: the package `ws` throws an error that has no listener.
    entry.socket.onerror = () => {};
    return entry.socket;
  }

  return {
    /**
     * Starts connecting. Returns "", or an error text if the constructor threw.
     * @param {number} id
     * @param {string} url
     * @param {string[]} subprotocols
     */
    open(id, url, subprotocols) {
      /** @type {PlatformSocket} */
      let socket;
      try {
        socket = new (socketClass())(url, subprotocols);
      } catch (error) {
        return (error instanceof Error && error.message) || String(error);
      }
      let why = '';
      let isOpen = false;
      /** @type {(code: number, reason: string) => void} */
      const end = (code, reason) => {
        // The number may belong to another socket by now.
        const entry = table.get(id);
        if (!entry || entry.socket !== socket) return;
        forget(id);
        events.ended(id, code, reason, why);
      };
      table.set(id, { socket, timer: undefined });
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        isOpen = true;
        // null in Cloudflare Workers if the server selects none.
        events.opened(id, socket.protocol || '');
      };
      socket.onmessage = (event) => events.received(id, event.data);
      socket.onerror = (event) => {
        why = event.message || (event.error && event.error.message) || '';
        // Some versions of Node dispatch no close event if the connection was never open.
        if (!isOpen) setTimeout(() => end(1006, ''), 0);
      };
      socket.onclose = (event) => end(event.code, event.reason);
      return '';
    },

    /**
     * @param {number} id
     * @param {string | Uint8Array} data
     */
    send(id, data) {
      const entry = table.get(id);
      // A browser copies the bytes at once. The package `ws` may read them later.
      if (entry) entry.socket.send(typeof data === 'string' || !copyBytes ? data : data.slice());
    },

    /**
     * Starts the closing handshake. The code must be one that the platform accepts.
     * @param {number} id
     * @param {number} code
     * @param {string} reason
     */
    close(id, code, reason) {
      const entry = table.get(id);
      if (entry) entry.socket.close(code, reason);
    },

    /**
     * Removes a socket. Drops the connection if the platform can, otherwise closes it.
     * @param {number} id
     */
    drop(id) {
      const socket = forget(id);
      if (!socket) return;
      if (socket.terminate) socket.terminate();
      else socket.close();
    },

    /**
     * Sets the timer of a socket, which calls `timer`, and replaces the previous one. 0 stops it. A longer time than 24 days
     * (2^31 - 1 ms) is shortened to that.
     * @param {number} id
     * @param {number} milliseconds
     */
    setTimer(id, milliseconds) {
      const entry = table.get(id);
      if (!entry) return;
      clearTimeout(entry.timer);
      const time = Math.min(milliseconds, 0x7fffffff);
      entry.timer = milliseconds ? setTimeout(() => events.timer(id), time) : undefined;
    },

    /** @param {number} id */
    buffered(id) {
      const entry = table.get(id);
      return entry ? entry.socket.bufferedAmount : 0;
    },
  };
}

/**
 * Normalizes a URL with the platform's URL parser. In a page or a worker a relative URL is resolved against its base.
 * Returns "" for an invalid URL.
 * @param {string} text
 */
export function normalizeUrl(text) {
  /** @type {{ document?: { baseURI: string }, location?: { href: string } }} */
  // Not taken apart into locals: Emscripten 3.1.6 drops such a declaration when it optimises.
  const page = globalThis;
  try {
    return new URL(text, (page.document && page.document.baseURI) || (page.location && page.location.href)).href;
  } catch (_error) {
    return '';
  }
}

/**
 * Copies text into and out of WebAssembly's memory. Text goes in through the transfer buffer, which C++ owns.
 *
 * @param {() => Uint8Array} bytes Returns the whole memory. Call it again after every call of C++, which may grow it.
 * @param {(written: number, more: number) => number} prepareTransfer Commits `written` bytes to the buffer and returns the
 *   address where `more` bytes can be written.
 * @param {Encoder} encoder
 * @param {Decoder} decoder Throws for invalid UTF-8 and keeps a byte order mark.
 */
export function createText(bytes, prepareTransfer, encoder, decoder) {
  /**
   * @param {string} text
   * @param {number} room
   */
  function write(text, room) {
    const at = prepareTransfer(0, room);
    const done = encoder.encodeInto(text, bytes().subarray(at, at + room));
    prepareTransfer(done.written, 0);
    return done;
  }

  return {
    /**
     * Writes a string to the empty transfer buffer as UTF-8 and returns its size. Most text is ASCII, so the first attempt
     * reserves one byte per UTF-16 unit, which saves a copy. The rest, if any, gets space for the worst case.
     * @param {string} text
     */
    put(text) {
      const first = write(text, text.length);
      if (first.read === text.length) return first.written;
      const rest = text.slice(first.read);
      return first.written + write(rest, rest.length * 3).written;
    },

    /**
     * Writes bytes to the empty transfer buffer.
     * @param {ArrayBuffer} data
     */
    putBytes(data) {
      const at = prepareTransfer(0, data.byteLength);
      bytes().set(new Uint8Array(data), at);
      prepareTransfer(data.byteLength, 0);
      return data.byteLength;
    },

    /**
     * Reads UTF-8. Throws if it is invalid.
     * @param {number} at
     * @param {number} size
     */
    get(at, size) {
      return decoder.decode(bytes().subarray(at, at + size));
    },
  };
}

/**
 * Reports changes of the page or worker and returns its current state. The bits: 1 online, 2 visible, 4 the page was left
 * and may be in the back-forward cache, 8 the page has just become active again. In Node there are no changes.
 *
 * @param {(bits: number) => void} tell
 */
export function watchPage(tell) {
  /**
   * @type {{
   *   addEventListener?: (type: string, listener: () => void) => void,
   *   navigator?: { onLine?: boolean },
   *   document?: { visibilityState: string, addEventListener(type: string, listener: () => void): void },
   * }}
   */
  const page = globalThis;
  const display = page.document;
  let left = 0;
  const isVisible = () => !display || display.visibilityState !== 'hidden';
  const bits = () => (page.navigator && page.navigator.onLine === false ? 0 : 1) | (isVisible() ? 2 : 0) | left;
  const back = () => tell(bits() | 8);
  if (page.addEventListener) {
    page.addEventListener('online', back);
    page.addEventListener('offline', () => tell(bits()));
    page.addEventListener('pagehide', () => tell(bits() | (left = 4)));
    page.addEventListener('pageshow', () => {
      if (!left) return;
      left = 0;
      back();
    });
  }
  if (display) {
    display.addEventListener('visibilitychange', () => tell(bits() | (isVisible() ? 8 : 0)));
    display.addEventListener('resume', back);
  }
  return bits();
}
