// What each runtime does with the package: connections to a real server. Returns what happened, as JSON can say it.

const endOf = ({ code, reason, clean, initiator }) => [code, reason, clean, initiator].join(' ');

/** `twinsocket` is what the package exports, `url` the address of the server. */
export async function converse(twinsocket, url) {
  const { TwinsocketError, connect, json, list, reconnecting, string, struct, xml } = twinsocket;
  const person = struct('Person', { Name: string(), Emails: list(string()) });
  const jan = { Name: 'größer', Emails: ['jan@example.com'] };
  const codeOf = (promise) =>
    promise.then(
      () => 'fulfilled',
      (error) => (error instanceof TwinsocketError ? error.code : String(error)),
    );
  const results = {};

  const socket = await connect(`${url}/echo`);
  await socket.send('größer\u{1f600}');
  results.text = await socket.receive();
  await socket.send(new Uint8Array([0, 127, 128, 255]));
  results.binary = [...(await socket.receive())];
  await socket.send('x'.repeat(100_000));
  results.large = (await socket.receive()).length;
  results.late = await codeOf(socket.receive({ timeout: 20 }));
  results.close = endOf(await socket.close(4000, 'enough'));

  for (const [name, codec] of Object.entries({ json: json(person), xml: xml(person) })) {
    const typed = await connect(`${url}/echo`, { codec });
    await typed.send(jan);
    results[name] = await typed.receive();
    results[`${name}Mismatch`] = await codeOf(typed.send({ Name: 7 }));
    await typed.close();
  }

  const lasting = reconnecting(`${url}/echo`);
  await lasting.send('queued');
  results.reconnecting = await lasting.receive();
  results.reconnectingClose = endOf(await lasting.close());

  results.invalid = await codeOf(connect('ws://[/'));
  results.refused = await codeOf(connect(`${url}/no/such/thing`));
  return results;
}

/** What converse() returns everywhere. */
export const expected = {
  text: 'größer\u{1f600}',
  binary: [0, 127, 128, 255],
  large: 100_000,
  late: 'timed_out',
  close: '4000 enough true local',
  json: { Name: 'größer', Emails: ['jan@example.com'] },
  jsonMismatch: 'type_mismatch',
  xml: { Name: 'größer', Emails: ['jan@example.com'] },
  xmlMismatch: 'type_mismatch',
  reconnecting: 'queued',
  reconnectingClose: '1000  true local',
  invalid: 'invalid_url',
  refused: 'connect_failed',
};
