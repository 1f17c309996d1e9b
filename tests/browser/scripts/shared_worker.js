import { talk } from './conversation.js';

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = async ({ data: { entry, url } }) => port.postMessage(await talk(entry, url));
};
