import { talk } from './conversation.js';

onmessage = async ({ data: { entry, url } }) => postMessage(await talk(entry, url));
