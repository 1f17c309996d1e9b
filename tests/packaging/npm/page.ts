import './shared.js';
import { talk, type Person } from './talk.js';

/** The same in a worker. Every bundler recognizes exactly this form. */
function talkInWorker(url: string): Promise<Person> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Person>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not start'));
    worker.postMessage(url);
  });
}

Object.assign(globalThis, { talk, talkInWorker });
