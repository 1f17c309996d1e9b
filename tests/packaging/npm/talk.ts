import { connect, type Infer, list, string, struct, xml } from 'twinsocket';

const person = struct('Person', { Name: string(), Emails: list(string()) });
export type Person = Infer<typeof person>;

/** Sends one person to an echo server and resolves with the reply. XML, so that both WebAssembly modules are needed. */
export async function talk(url: string): Promise<Person> {
  const socket = await connect(url, { codec: xml(person) });
  await socket.send({ Name: 'Jan', Emails: ['jan@example.com'] });
  const reply = await socket.receive();
  await socket.close();
  return reply;
}
