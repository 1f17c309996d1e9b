import { talk } from './talk.js';

onmessage = async ({ data }: MessageEvent<string>) => postMessage(await talk(data));
