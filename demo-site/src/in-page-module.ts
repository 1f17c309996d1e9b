import { InPageServer } from './in-page-server.js';

/** Loads demo_server.wasm and starts it. */
export async function loadInPageServer(): Promise<InPageServer> {
  const response = await fetch(new URL('../../build/wasm/demo_server.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  return InPageServer.start(await response.arrayBuffer());
}
