import { connect } from 'demo-messages';

/** The median of the milliseconds from a message to its echo. */
export async function roundTrip(server: string, count: number): Promise<number> {
  const socket = await connect(`${server}/echo`);
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    await socket.send('x'.repeat(16));
    await socket.receive();
    times.push(performance.now() - started);
  }
  await socket.close();
  return times.sort((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}
