import { talk } from './conversation.js';

self.onmessage = async ({ data: { entry, url } }) => postMessage(await talk(entry, url));
