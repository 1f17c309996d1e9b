import { addresses } from './addresses.js';
import { talk } from './conversation.js';

/** Runs the same conversation in a worker. */
function inWorker(entry, url) {
  const worker = new Worker('/scripts/worker.js', { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not start'));
    worker.postMessage({ entry, url });
  });
}

window.addresses = addresses;
window.talkInPage = talk;
window.talkInWorker = inWorker;
