import { type WebSocketClass, connect } from 'demo-messages';
import { burstBytes, messagesUnderway, roundTripBytes } from './speed-workload.js';

/** What was measured of one client. */
export interface Figures {
  /** Milliseconds from a message to its reply, with one message in flight: the median, and the 99th percentile. */
  median: number;
  percentile99: number;
  /** Messages that came back in a second, with 32 in flight. */
  rate: number;
}

export interface Comparison {
  twinsocket: Figures;
  plain: Figures;
}

const rounds = 5;
const samples = 40;
// Browsers round their clocks, so that one round trip is too short to be timed.
const roundTripsOfSample = 10;
const messagesOfBurst = 1500;

/** A connection to /echo. */
interface Echo {
  send(text: string): unknown;
  receive(): Promise<unknown>;
  close(): unknown;
}

export interface MeasureOptions {
  url: string;
  signal: AbortSignal;
  /** The class of the server in the page, if that is used. */
  webSocket: WebSocketClass | undefined;
  /** Called with the part that is done, from 0 to 1. */
  onProgress(share: number): void;
}

async function openTwinsocket({ url, signal, webSocket }: MeasureOptions): Promise<Echo> {
  const connection = await connect(url, webSocket ? { signal, webSocket } : { signal });
  return {
    send: (text) => connection.send(text),
    receive: () => connection.receive(),
    close: () => connection.close(),
  };
}

/** What a program writes that has nothing but the socket's class. */
function openPlain({ url, signal, webSocket }: MeasureOptions): Promise<Echo> {
  return new Promise((resolve, reject) => {
    const socket = new ((webSocket as typeof WebSocket | undefined) ?? WebSocket)(url);
    const received: unknown[] = [];
    let waiting: ((message: unknown) => void) | undefined;
    let fail: (reason: Error) => void = reject;
    const closed = () => fail(new Error('The connection has ended.'));
    socket.onopen = () =>
      resolve({
        send: (text) => socket.send(text),
        receive: () =>
          new Promise((deliver, refuse) => {
            fail = refuse;
            if (received.length > 0) deliver(received.shift());
            else if (socket.readyState !== WebSocket.OPEN) closed();
            else waiting = deliver;
          }),
        close: () => socket.close(),
      });
    socket.onmessage = ({ data }) => {
      const deliver = waiting;
      waiting = undefined;
      if (deliver) deliver(data);
      else received.push(data);
    };
    socket.onclose = closed;
    signal.addEventListener('abort', () => socket.close());
  });
}

async function timeRoundTrips(echo: Echo, signal: AbortSignal): Promise<number[]> {
  const text = 'x'.repeat(roundTripBytes);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    signal.throwIfAborted();
    const started = performance.now();
    for (let i = 0; i < roundTripsOfSample; i += 1) {
      await echo.send(text);
      await echo.receive();
    }
    times.push((performance.now() - started) / roundTripsOfSample);
  }
  return times;
}

/** Messages per second. */
async function timeBurst(echo: Echo, signal: AbortSignal): Promise<number> {
  const text = 'x'.repeat(burstBytes);
  const started = performance.now();
  for (let sent = 0; sent < messagesUnderway; sent += 1) await echo.send(text);
  for (let received = 0; received < messagesOfBurst; received += 1) {
    if (received % messagesUnderway === 0) signal.throwIfAborted();
    await echo.receive();
    if (received + messagesUnderway < messagesOfBurst) await echo.send(text);
  }
  return messagesOfBurst / ((performance.now() - started) / 1000);
}

const percentile = (sorted: number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
const median = (values: number[]) =>
  percentile(
    values.sort((a, b) => a - b),
    0.5,
  );

class Client {
  readonly #open: (options: MeasureOptions) => Promise<Echo>;
  readonly #times: number[] = [];
  readonly #rates: number[] = [];

  constructor(open: (options: MeasureOptions) => Promise<Echo>) {
    this.#open = open;
  }

  async run(options: MeasureOptions): Promise<void> {
    const echo = await this.#open(options);
    try {
      this.#times.push(...(await timeRoundTrips(echo, options.signal)));
      this.#rates.push(await timeBurst(echo, options.signal));
    } finally {
      void echo.close();
    }
  }

  figures(): Figures {
    const times = this.#times.sort((a, b) => a - b);
    return { median: percentile(times, 0.5), percentile99: percentile(times, 0.99), rate: median(this.#rates) };
  }
}

/** Measures both clients with the same server, one after the other, in rounds. The first round warms up. */
export async function compare(options: MeasureOptions): Promise<Comparison> {
  const measured = { twinsocket: new Client(openTwinsocket), plain: new Client(openPlain) };
  for (const client of [new Client(openTwinsocket), new Client(openPlain)]) await client.run(options);
  for (let round = 0; round < rounds; round += 1) {
    const order = [measured.twinsocket, measured.plain];
    for (const client of round % 2 ? order.reverse() : order) await client.run(options);
    options.onProgress((round + 1) / rounds);
  }
  return { twinsocket: measured.twinsocket.figures(), plain: measured.plain.figures() };
}
