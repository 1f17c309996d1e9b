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

function inSharedWorker(entry, url) {
  const { port } = new SharedWorker('/scripts/shared_worker.js', { type: 'module' });
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
    port.postMessage({ entry, url });
  });
}

/** The entry is that which the script imports, because a service worker has no import(). */
async function inServiceWorker(_entry, url) {
  await navigator.serviceWorker.register('/scripts/service_worker.js', { type: 'module', scope: '/scripts/' });
  const { active, installing, waiting } = await navigator.serviceWorker.getRegistration('/scripts/');
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    (active ?? waiting ?? installing).postMessage({ url }, [port2]);
  });
}

/** Resolves with a text and a document in XML that a server echoes, or with the error. */
async function connectsWith(entry, url) {
  const { connect, initXml, string, struct, xml } = await import(entry);
  try {
    const socket = await connect(url);
    await socket.send('größer');
    const text = await socket.receive();
    await socket.close();
    await initXml();
    return `${text} ${xml(struct('Person', { Name: string() })).encode({ Name: 'Jan' })}`;
  } catch (error) {
    return `${error.code} ${error.message}`;
  }
}

window.addresses = addresses;
window.connectsWith = connectsWith;
window.talkInSharedWorker = inSharedWorker;
window.talkInServiceWorker = inServiceWorker;
window.talkInPage = talk;
window.talkInWorker = inWorker;
