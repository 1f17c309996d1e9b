import { reconnecting } from '/twinsocket/browser.js';

/** Resolves with the phases up to and including this one. */
async function until(socket, phase) {
  const phases = [];
  for await (const status of socket.statuses()) {
    phases.push(status.phase);
    if (status.phase === phase && phases.length > 1) return phases;
  }
  throw new Error(`ended after ${phases}`);
}

/** Makes the server end the connection. */
async function loseConnection(socket, phase) {
  const lost = until(socket, phase);
  await socket.send('leave me');
  return lost;
}

/**
 * Loses one connection while the page is offline, which does not matter for a server on this machine, and one while it
 * is hidden.
 */
window.reconnectWhileHidden = async (url) => {
  const results = { received: [] };
  // The long delay keeps it from reconnecting by its timer.
  const socket = reconnecting(url, { initialDelay: 1, maxDelay: 10_000_000 });
  await until(socket, 'open');

  dispatchEvent(new Event('offline'));
  results.offline = await loseConnection(socket, 'open');
  dispatchEvent(new Event('online'));
  await socket.send('after the first');
  results.received.push(await socket.receive());

  const setVisibility = (state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  setVisibility('hidden');
  const waiting = await loseConnection(socket, 'waiting');
  const shown = until(socket, 'open');
  setVisibility('visible');
  results.hidden = [...waiting, ...(await shown).slice(1)];
  await socket.send('after the second');
  results.received.push(await socket.receive());
  results.closed = await socket.close();
  return results;
};

/** Shows or resumes the page. Resolves with the time until the silent connection was replaced. */
window.detectSilentServer = async (url, event) => {
  const socket = reconnecting(url);
  await until(socket, 'open');
  const begin = performance.now();
  const back = until(socket, 'open');
  (event === 'online' ? globalThis : document).dispatchEvent(new Event(event));
  await back;
  const elapsed = performance.now() - begin;
  await socket.close();
  return elapsed;
};

/** Opens a connection that stays open when the page is left. */
window.keepOpen = async (url) => until((window.staying = reconnecting(url)), 'open');
