// The shared worker of twinsocket/shared: a module script.

import { reconnecting } from './browser.js';
import { SharedHost, type TabPort } from './shared-host.js';
import { holdLock, watchLock } from './shared-lock.js';

const host = new Promise<SharedHost>((resolve, reject) =>
  holdLock((lock) => resolve(new SharedHost(reconnecting, watchLock, lock)), reject),
);
(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = async ({ ports }) =>
  (await host).accept(ports[0] as unknown as TabPort);
