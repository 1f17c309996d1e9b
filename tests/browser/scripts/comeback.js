import { reconnecting } from '/twinsocket/browser.js';

/** Resolves with the phases up to this one. */
async function until(socket, phase) {
  const phases = [];
  for await (const status of socket.statuses()) {
    phases.push(status.phase);
    if (status.phase === phase && phases.length > 1) return phases;
  }
  throw new Error(`ended after ${phases}`);
}

/** The server's end of the connection goes away. */
async function lose(socket, phase) {
  const lost = until(socket, phase);
  await socket.send('leave me');
  return lost;
}

/** Loses a connection while the page is offline, and one while it is hidden. */
window.comeBack = async (url) => {
  const told = { heard: [] };
  // It would stay away for hours by itself.
  const socket = reconnecting(url, { firstDelay: 1, longestDelay: 10_000_000 });
  await until(socket, 'open');

  dispatchEvent(new Event('offline'));
  const paused = await lose(socket, 'paused');
  const back = until(socket, 'open');
  dispatchEvent(new Event('online'));
  told.offline = [...paused, ...(await back).slice(1)];
  await socket.send('after the first');
  told.heard.push(await socket.receive());

  const look = (state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  look('hidden');
  const waiting = await lose(socket, 'waiting');
  const shown = until(socket, 'open');
  look('visible');
  told.hidden = [...waiting, ...(await shown).slice(1)];
  await socket.send('after the second');
  told.heard.push(await socket.receive());
  told.closed = await socket.close();
  return told;
};
