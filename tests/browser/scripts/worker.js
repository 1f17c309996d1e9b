import { talk } from './talk.js';

onmessage = async ({ data: { entry, url } }) => postMessage(await talk(entry, url));
