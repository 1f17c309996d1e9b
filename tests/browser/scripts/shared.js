// A tab with a shared connection. The tests call these functions.

import { codecOf, json, string, struct, xml } from '/twinsocket/browser.js';
import { reconnecting } from '/twinsocket/shared-browser.js';

const Line = struct('Line', { text: string() });
const codecs = {
  json: json(Line),
  xml: xml(Line),
  negotiated: (subprotocol) => codecOf(subprotocol, Line),
};

/**
 * Opens a connection and records what it receives, unless `reads` is false. A `silent` tab is gone without a `pagehide` event, as
 * after a crash.
 */
window.open = (url, { codec, greets, reads = true, silent = false, ...options } = {}) => {
  if (silent) addEventListener('pagehide', (event) => event.stopImmediatePropagation(), { capture: true });
  const onConnected = async (fresh) => {
    window.greetings.push(fresh.subprotocol);
    if (greets === 'never') await new Promise(() => {});
    await fresh.send(`greeting from ${greets}`);
    window.greetings.push(await fresh.receive());
  };
  const socket = reconnecting(url, {
    ...options,
    ...(codec && { codec: codecs[codec] }),
    ...(greets && { onConnected }),
  });
  Object.assign(window, { socket, received: [], phases: [], greetings: [] });
  socket.closed.then((info) => (window.closeInfo = info));
  (async () => {
    for await (const { phase, close } of socket.statuses()) window.phases.push(close ? `${phase} ${close.code}` : phase);
  })();
  if (reads) window.read();
};

window.read = async () => {
  try {
    for await (const message of window.socket) window.received.push(message);
  } catch (error) {
    window.failure = `${error.code}: ${error.message}`;
  }
};

/** Sends texts and waits for all results. */
window.sendAll = async (texts) => (await Promise.all(texts.map((text) => window.socket.send(text)))).length;

window.isReady = true;
