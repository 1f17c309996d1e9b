/**
 * The WebSockets that WebAssembly holds by a number, and what the page tells. This one file is both part of the npm package and, through CMake,
 * of library_twinsocket.js; Emscripten's older tools parse it too, so it keeps to the JavaScript of 2017.
 *
 * @typedef {object} SocketEvents What is told of them; after `ended`, and after a drop, nothing more is.
 * @property {(id: number, subprotocol: string) => void} opened
 * @property {(id: number, data: string | ArrayBuffer) => void} received
 * @property {(id: number, code: number, reason: string, why: string) => void} ended
 *   The close event; `why` is what the platform says of a failure, and browsers say nothing.
 * @property {(id: number) => void} alarm
 *
 * @typedef {object} PlatformSocket The part of a WebSocket that is used here.
 * @property {string} binaryType
 * @property {number} bufferedAmount
 * @property {string} protocol
 * @property {((event: unknown) => void) | null} onopen
 * @property {((event: { data: string | ArrayBuffer }) => void) | null} onmessage
 * @property {((event: { message?: string, error?: { message?: string } }) => void) | null} onerror
 * @property {((event: { code: number, reason: string }) => void) | null} onclose
 * @property {(data: string | Uint8Array) => void} send
 * @property {(code?: number, reason?: string) => void} close
 * @property {(() => void) | undefined} [terminate] Cuts the connection; Node's `ws` has it, browsers do not.
 *
 * @typedef {new (url: string, subprotocols: string[]) => PlatformSocket} PlatformSocketClass
 */

/**
 * @param {SocketEvents} events
 * @param {() => PlatformSocketClass} socketClass
 */
export function createSockets(events, socketClass) {
  /** @type {Map<number, { socket: PlatformSocket, alarm: ReturnType<typeof setTimeout> | undefined }>} */
  const table = new Map();

  const keepsBytes = typeof process === 'object' && !!process.versions && !!process.versions.node;

  /** @param {number} id */
  function forget(id) {
    const entry = table.get(id);
    if (!entry) return undefined;
    table.delete(id);
    clearTimeout(entry.alarm);
    entry.socket.onopen = entry.socket.onmessage = entry.socket.onclose = null;
    // Not null: Node's `ws` throws an error that nobody listens for.
    entry.socket.onerror = function () {};
    return entry.socket;
  }

  return {
    /**
     * Begins to connect. Returns "", or why it cannot even begin.
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
        // By now the number may be that of another socket.
        const entry = table.get(id);
        if (!entry || entry.socket !== socket) return;
        forget(id);
        events.ended(id, code, reason, why);
      };
      table.set(id, { socket, alarm: undefined });
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        isOpen = true;
        events.opened(id, socket.protocol);
      };
      socket.onmessage = (event) => events.received(id, event.data);
      socket.onerror = (event) => {
        why = event.message || (event.error && event.error.message) || '';
        // A close follows, but not from every version of Node where there never was a connection.
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
      // A browser copies the bytes at once; Node's `ws` may look at them later.
      if (entry) entry.socket.send(typeof data === 'string' || !keepsBytes ? data : data.slice());
    },

    /**
     * Begins the closing handshake; the code is one that the platform takes.
     * @param {number} id
     * @param {number} code
     * @param {string} reason
     */
    close(id, code, reason) {
      const entry = table.get(id);
      if (entry) entry.socket.close(code, reason);
    },

    /**
     * Lets go of a socket, and cuts its connection where that can be done.
     * @param {number} id
     */
    drop(id) {
      const socket = forget(id);
      if (!socket) return;
      if (socket.terminate) socket.terminate();
      else socket.close();
    },

    /**
     * Calls `alarm` in so many milliseconds, or in 24 days, which is all that a timer holds, instead of when it was asked
     * for before; 0 calls it never.
     * @param {number} id
     * @param {number} milliseconds
     */
    alarm(id, milliseconds) {
      const entry = table.get(id);
      if (!entry) return;
      clearTimeout(entry.alarm);
      const time = Math.min(milliseconds, 0x7fffffff);
      entry.alarm = milliseconds ? setTimeout(() => events.alarm(id), time) : undefined;
    },

    /** @param {number} id */
    buffered(id) {
      const entry = table.get(id);
      return entry ? entry.socket.bufferedAmount : 0;
    },
  };
}

/**
 * The normal form of an address by the rules of the platform's URL; in a page or a worker a relative one is taken against
 * its base. "" where it is none.
 * @param {string} text
 */
export function resolveAddress(text) {
  /** @type {{ document?: { baseURI: string }, location?: { href: string } }} */
  const { document, location } = globalThis;
  try {
    return new URL(text, (document && document.baseURI) || (location && location.href)).href;
  } catch (error) {
    return '';
  }
}

/**
 * Text in and out of WebAssembly's memory. Text goes in by way of the landing, a block that C++ owns, grows and takes.
 *
 * @param {() => Uint8Array} bytes The whole memory, as it is after the last call.
 * @param {(written: number, more: number) => number} land Counts what was written to the landing, and returns the
 *   address where `more` bytes can be written.
 */
export function createText(bytes, land) {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /**
   * @param {string} text
   * @param {number} room
   */
  function write(text, room) {
    const at = land(0, room);
    const done = encoder.encodeInto(text, bytes().subarray(at, at + room));
    land(done.written, 0);
    return done;
  }

  return {
    /**
     * Writes a string to the empty landing as UTF-8 and returns its size. Most text is ASCII, so one byte for each unit
     * is tried first, which saves a copy; what is left then has room for the worst case.
     * @param {string} text
     */
    put(text) {
      const first = write(text, text.length);
      if (first.read === text.length) return first.written;
      const rest = text.slice(first.read);
      return first.written + write(rest, rest.length * 3).written;
    },

    /**
     * Puts bytes into the empty landing.
     * @param {ArrayBuffer} data
     */
    putBytes(data) {
      const at = land(0, data.byteLength);
      bytes().set(new Uint8Array(data), at);
      land(data.byteLength, 0);
      return data.byteLength;
    },

    /**
     * Reads UTF-8; throws where it is none.
     * @param {number} at
     * @param {number} size
     */
    get(at, size) {
      return decoder.decode(bytes().subarray(at, at + size));
    },
  };
}

/**
 * Tells when the page or the worker has changed, and returns what it is now, in bits: 1 for a network, 2 for a page that
 * somebody looks at, 4 for one that was left and may be in the back-forward cache, 8 for one that has just come back.
 * Node tells nothing.
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
