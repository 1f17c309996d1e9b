import { talk } from './talk.js';

self.onmessage = async ({ data }: MessageEvent<string>) => postMessage(await talk(data));
