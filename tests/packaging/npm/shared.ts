import { json, string, struct } from 'twinsocket';
import { reconnecting, type SharedConnection } from 'twinsocket/shared';

interface Line {
  text: string;
}

/** Sends a line to an echo server by a connection that tabs share, and resolves with the reply. */
Object.assign(globalThis, {
  async talkInTab(url: string): Promise<Line> {
    const socket: SharedConnection<Line, Line> = reconnecting(url, {
      codec: json(struct('Line', { text: string() })),
      async onConnected(fresh) {
        await fresh.send({ text: 'hello' });
        await fresh.receive();
      },
    });
    await socket.send({ text: 'shared' });
    const reply = await socket.receive();
    if (socket.status.phase !== 'open') throw new Error(socket.status.phase);
    return reply;
  },
});
