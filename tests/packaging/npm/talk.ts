import { connect, type Infer, list, string, struct, xml } from 'twinsocket';

const person = struct('Person', { Name: string(), Emails: list(string()) });
export type Person = Infer<typeof person>;

/** Sends one person to an echo and gives what came back. XML, so that the WebAssembly module has to be there. */
export async function talk(url: string): Promise<Person> {
  const socket = await connect(url, { codec: xml(person) });
  await socket.send({ Name: 'Jan', Emails: ['jan@example.com'] });
  const reply = await socket.receive();
  await socket.close();
  return reply;
}
