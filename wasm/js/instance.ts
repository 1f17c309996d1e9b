import type { Phase } from './abi.js';
import type { TwinsocketError } from './errors.js';
import type { ModuleCode, ModuleImports } from './module-code.js';
import { ModuleInstance, type TransferExports, toError } from './module-instance.js';
import { type PlatformSocketClass, type SocketEvents, createSockets } from './sockets.js';

/**
 * Exports of abi.cpp and browser_socket.cpp. Pointers and handles are numbers. `now` is the time of `performance.now()`,
 * which is read once per event: the module does not ask for it.
 */
interface Exports extends TransferExports, ReconnectExports {
  twinsocket_connect(urlSize: number, now: number): number;
  twinsocket_delete(handle: number): void;
  twinsocket_socket(handle: number): number;
  twinsocket_phase(handle: number): number;
  twinsocket_report(handle: number): number;
  /** 0: the message may be sent. -1: it may be sent, and the socket is congested. Otherwise the number of an error. */
  twinsocket_may_send(handle: number, size: number, buffered: number, now: number): number;
  twinsocket_message_delivered(handle: number, size: number): void;
  twinsocket_heartbeat_received(handle: number, now: number): void;
  twinsocket_probe(handle: number, canReconnect: number, now: number): void;
  twinsocket_heartbeats(handle: number): number;
  twinsocket_close(handle: number, code: number, now: number): void;
  twinsocket_abort(handle: number, now: number): void;
  twinsocket_opened(socket: number, now: number): void;
  twinsocket_received(socket: number, isText: number, size: number, now: number): number;
  twinsocket_ended(socket: number, code: number, reasonSize: number, now: number): void;
  twinsocket_socket_timer(socket: number, now: number): void;
}

/** Exports of reconnect_abi.cpp. */
interface ReconnectExports {
  twinsocket_reconnecting(rules: number, now: number): number;
  twinsocket_reconnecting_delete(machine: number): void;
  twinsocket_reconnecting_phase(machine: number): number;
  twinsocket_reconnecting_failures(machine: number): number;
  twinsocket_reconnecting_due(machine: number): number;
  twinsocket_reconnecting_connected(machine: number): void;
  twinsocket_reconnecting_prepared(machine: number, now: number): void;
  twinsocket_reconnecting_failed(machine: number, code: number, status: number, chance: number, now: number): void;
  twinsocket_reconnecting_lost(machine: number, code: number, chance: number, now: number): void;
  twinsocket_reconnecting_on_timer(machine: number, now: number): void;
  twinsocket_reconnecting_close(machine: number): void;
  twinsocket_reconnecting_retry(machine: number, now: number): void;
  twinsocket_reconnecting_page(machine: number, bits: number, now: number): void;
}

/** An instance of twinsocket.wasm: the JavaScript side of abi.cpp and reconnect_abi.cpp. */
export class Instance extends ModuleInstance<Exports> {
  readonly sockets;
  /** The class of the socket that is opened next. */
  socketClass: PlatformSocketClass | undefined;

  /** `events` are the events of the sockets that the module opens. */
  static start(module: ModuleCode, events: SocketEvents): Promise<Instance> {
    const made = new Instance(events);
    return made.instantiate(module, made.imports());
  }

  private constructor(events: SocketEvents) {
    super();
    this.sockets = createSockets(events, () => this.socketClass as PlatformSocketClass);
  }

  /** Appends the numbers of options to the transfer buffer, in the order of abi_types.hpp. */
  putNumbers(numbers: readonly number[]): void {
    const view = new DataView(new ArrayBuffer(8 * numbers.length));
    numbers.forEach((number, i) => view.setFloat64(8 * i, number, true));
    this.text.putBytes(view.buffer);
  }

  phase(handle: number): Phase {
    return this.exports.twinsocket_phase(handle);
  }
  /** Returns the report of the C++ side on a connection that has failed or ended, as JSON. */
  report(handle: number): string {
    return this.take(this.exports.twinsocket_report(handle));
  }
  /** The error of a connection that could not be opened; for 0, that of the last twinsocket_connect(). */
  errorOf(handle: number): TwinsocketError {
    return toError(this.report(handle));
  }

  private imports(): ModuleImports {
    return {
      twinsocket_js_open: (id: number, url: number, urlSize: number, names: number, namesSize: number): number => {
        const offered = this.text.get(names, namesSize).split('\0').slice(0, -1);
        const why = this.sockets.open(id, this.text.get(url, urlSize), offered);
        if (why) this.put(why);
        return why ? 1 : 0;
      },
      twinsocket_js_close: (id: number, code: number, reason: number, size: number): void =>
        this.sockets.close(id, code, this.text.get(reason, size)),
      twinsocket_js_send_heartbeat: (id: number): void => this.sockets.send(id, '\0'),
      twinsocket_js_drop: (id: number): void => this.sockets.drop(id),
      twinsocket_js_set_timer: (id: number, milliseconds: number): void => this.sockets.setTimer(id, milliseconds),
    };
  }
}
