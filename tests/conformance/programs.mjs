// Runs the client and the server of this folder as child processes of a test.

import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../interop/programs.mjs';

const built = (name) => fileURLToPath(new URL(`../../build/release/conformance_${name}`, import.meta.url));
const clientProgram = process.env.TWINSOCKET_ECHO_CLIENT ?? built('echo_client');
const serverProgram = process.env.TWINSOCKET_ECHO_SERVER ?? built('echo_server');

/**
 * Starts our client, which connects `count` times. outcome() resolves with its results in order, starting with number
 * 0.
 */
export function startClient(t, url, count, ...options) {
  const client = new ChildProgram(t, clientProgram, [url, String(count), ...options]);
  return {
    ended: client.ended,
    async outcome(number) {
      const lines = () => client.stdout.split('\n');
      while (lines().length < number + 2) await client.printed();
      return JSON.parse(lines()[number]);
    },
  };
}

export async function startEchoServer(t, ...options) {
  const server = new ChildProgram(t, serverProgram, options);
  const [, http] = await server.prints(/^serving on (http:\S+)\/$/m);
  return { http };
}
