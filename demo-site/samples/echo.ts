import { connect } from 'demo-messages';

export async function echo(server: string): Promise<string> {
  const socket = await connect(`${server}/echo`);
  await socket.send('Hello, twin');
  const answer = await socket.receive();
  await socket.close();
  return String(answer);
}
