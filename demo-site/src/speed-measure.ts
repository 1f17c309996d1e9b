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
// Browsers round their clocks, to a millisecond at most. A sample has as many round trips as take some of them.
const minSampleTime = 5;
const minRoundTrips = 10;
const maxRoundTrips = 640;
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

/** Milliseconds of this many round trips, one after the other. */
async function timeRoundTrips(echo: Echo, count: number): Promise<number> {
  const text = 'x'.repeat(roundTripBytes);
  const started = performance.now();
  for (let i = 0; i < count; i += 1) {
    await echo.send(text);
    await echo.receive();
  }
  return performance.now() - started;
}

/** The number of round trips that take long enough to be timed. */
async function roundTripsOfSample(echo: Echo, signal: AbortSignal): Promise<number> {
  for (let count = minRoundTrips; count < maxRoundTrips; count *= 2) {
    signal.throwIfAborted();
    if ((await timeRoundTrips(echo, count)) >= minSampleTime) return count;
  }
  return maxRoundTrips;
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

  /** Resolves with the number of round trips of a sample. */
  async warmUp(options: MeasureOptions): Promise<number> {
    const echo = await this.#open(options);
    try {
      await timeBurst(echo, options.signal);
      return await roundTripsOfSample(echo, options.signal);
    } finally {
      void echo.close();
    }
  }

  async run(options: MeasureOptions, roundTrips: number): Promise<void> {
    const echo = await this.#open(options);
    try {
      for (let sample = 0; sample < samples; sample += 1) {
        options.signal.throwIfAborted();
        this.#times.push((await timeRoundTrips(echo, roundTrips)) / roundTrips);
      }
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

/** Measures both clients with the same server, one after the other, in rounds, after a warm-up. */
export async function compare(options: MeasureOptions): Promise<Comparison> {
  const measured = { twinsocket: new Client(openTwinsocket), plain: new Client(openPlain) };
  const roundTrips = Math.max(await measured.twinsocket.warmUp(options), await measured.plain.warmUp(options));
  for (let round = 0; round < rounds; round += 1) {
    const order = [measured.twinsocket, measured.plain];
    for (const client of round % 2 ? order.reverse() : order) await client.run(options, roundTrips);
    options.onProgress((round + 1) / rounds);
  }
  return { twinsocket: measured.twinsocket.figures(), plain: measured.plain.figures() };
}
