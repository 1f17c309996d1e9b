import { Person, connect, json, xml } from 'demo-messages';

export async function sendPerson(server: string, format: 'json' | 'xml', person: Person): Promise<string> {
  const codec = format === 'json' ? json(Person) : xml(Person);
  const socket = await connect(`${server}/person/${format}`, { codec });
  await socket.send(person);
  // 1000 if the server has accepted it, else 1007 and the reason.
  const { code, reason } = await socket.closed;
  return `${code} ${reason}`;
}
