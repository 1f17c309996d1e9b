import * as twinsocket from '/twinsocket/browser.js';
import { talk } from './conversation.js';

self.onmessage = (event) => {
  const [port] = event.ports;
  event.waitUntil(talk(twinsocket, event.data.url).then((results) => port.postMessage(results)));
};
