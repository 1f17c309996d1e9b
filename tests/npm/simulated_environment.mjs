// A simulated environment for the npm package: the test controls its clock, its random numbers, its page and its
// WebSockets.

const realImmediate = setImmediate;

export class SimulatedEnvironment {
  now = 1000;
  timers = new Map();
  connections = [];
  /** What the server does with a new connection: accepts, refuses (with a status, or none) or hangs. */
  mode = 'accepts';
  status = undefined;
  /** The subprotocol that the server chooses. */
  protocol = '';
  /** Called with each event that the server sees. */
  onServerEvent = () => {};

  /** Replaces what the package finds in globalThis. Load the package after this. */
  constructor() {
    let last = 0;
    globalThis.setTimeout = (call, time = 0) => {
      this.timers.set(++last, { at: this.now + (time > 0x7fffffff ? 1 : Math.max(1, Math.ceil(time))), call });
      return last;
    };
    globalThis.clearTimeout = (id) => this.timers.delete(id);
    performance.now = () => this.now;
    Math.random = () => 0.5;
    this.page = new EventTarget();
    this.document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    this.navigator = { onLine: true };
    globalThis.addEventListener = (type, listener) => this.page.addEventListener(type, listener);
    Object.defineProperty(globalThis, 'document', { value: this.document });
    Object.defineProperty(globalThis, 'navigator', { value: this.navigator });
  }

  /** Restores the initial state for the next test. */
  reset() {
    Object.assign(this, { mode: 'accepts', status: undefined, protocol: '', connections: [], onServerEvent: () => {} });
    this.setOnline(true);
    this.setVisible(true);
  }

  /** Runs everything that can run without time passing. */
  async settle() {
    for (let i = 0; i < 5; ++i) await new Promise((resolve) => realImmediate(resolve));
  }

  /** Advances the clock, stopping at each timer on the way. */
  async advance(time) {
    const end = this.now + time;
    for (;;) {
      await this.settle();
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, { at, call }] = due;
      this.timers.delete(id);
      this.now = Math.max(this.now, at);
      call();
    }
    this.now = end;
  }

  setOnline(on) {
    this.navigator.onLine = on;
    this.page.dispatchEvent(new Event(on ? 'online' : 'offline'));
  }
  setVisible(on) {
    this.document.visibilityState = on ? 'visible' : 'hidden';
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  /** A WebSocket class that connects to this simulated server. */
  socketClass() {
    const world = this;
    return class {
      bufferedAmount = 0;
      protocol = world.protocol;

      constructor() {
        world.onServerEvent('server is called');
        const { mode, status } = world;
        if (mode === 'accepts') world.connections.push(this);
        if (mode === 'accepts') queueMicrotask(() => this.onopen?.({}));
        if (mode !== 'refuses') return;
        queueMicrotask(() => {
          this.onerror({ message: status && `Unexpected server response: ${status}` });
          this.end(1006, '');
        });
      }
      send(data) {
        world.onServerEvent(`server got ${data}`);
      }
      close(code, reason) {
        const asked = code > 4000 && code < 4015 ? code - 3000 : code;
        world.onServerEvent(`server saw ${asked}${reason && ` '${reason}'`}`);
        queueMicrotask(() => this.end(code, reason));
      }
      terminate() {}
      end(code, reason) {
        this.onclose?.({ code, reason });
      }
    };
  }
}
