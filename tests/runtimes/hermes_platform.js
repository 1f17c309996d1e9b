// What React Native adds to Hermes, as far as the package uses it. The engine alone has no network: the socket echoes. It has no
// clock either, and calls timers at once in the order of their creation: here they are called in the order of their times, and
// the time is that of the last timer. TextEncoder, TextDecoder, EventTarget and crypto are missing, as in React Native 0.71.

const defer = globalThis.setTimeout;
/** The results of promises arrive before this many empty turns of the engine. */
const turns = 50;
let timers = [];
let time = 0;
let idle = 0;
let serial = 0;

function turn() {
  if (timers.length === 0) return;
  if (++idle === turns) {
    idle = 0;
    timers.sort((a, b) => a.due - b.due || a.id - b.id);
    const first = timers.shift();
    time = first.due;
    first.run();
  }
  defer(turn, 0);
}

class EchoSocket {
  bufferedAmount = 0;
  protocol = '';

  constructor(url) {
    setTimeout(() => {
      if (url.endsWith('/echo')) return this.onopen({});
      this.onerror({ message: 'there is nothing' });
      this.onclose({ code: 1006, reason: '' });
    }, 0);
  }
  send(data) {
    const echoed = typeof data === 'string' ? data : data.slice().buffer;
    setTimeout(() => this.onmessage?.({ data: echoed }), 0);
  }
  close(code = 1000, reason = '') {
    setTimeout(() => this.onclose?.({ code, reason }), 0);
  }
}

/** URLs of the kind `ws://host:port/path`. */
class PlainUrl {
  constructor(text) {
    const found = /^(\w+:)\/\/([\w.]+)(?::(\d+))?(\/.*)$/.exec(text);
    if (!found) throw new TypeError('Invalid URL');
    const [href, protocol, hostname, port = ''] = found;
    Object.assign(this, { href, protocol, hostname, port, username: '', password: '' });
  }
}

class PlainAbortController {
  signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
  abort() {
    this.signal.aborted = true;
  }
}

Object.assign(globalThis, {
  setTimeout(run, milliseconds = 0) {
    timers.push({ id: ++serial, due: time + milliseconds, run });
    if (timers.length === 1) defer(turn, 0);
    return serial;
  },
  clearTimeout(id) {
    timers = timers.filter((timer) => timer.id !== id);
  },
  performance: { now: () => time },
  console: { log: print, warn: print, error: print },
  WebSocket: EchoSocket,
  URL: PlainUrl,
  AbortController: PlainAbortController,
});
