import { channels } from 'demo-messages/channels';

export async function chat(server: string, name: string, show: (line: string) => void, signal: AbortSignal): Promise<void> {
  const client = channels(`${server}/channels`, { token: () => name, signal });
  const room = client.subscribe('chat:lobby');
  await client.publish('chat:lobby', 'hello');
  for await (const event of room) {
    if (event.kind === 'publication') show(`${event.publisher?.user}: ${event.value}`);
    if (event.kind === 'joined') show(`${event.member.user} is here`);
    if (event.kind === 'gap') show('messages are missing here');
  }
}
