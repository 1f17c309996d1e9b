// The little of Node that is used, so that the sources need no types of Node's.

declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array>;
}

declare module 'ws' {
  export const WebSocket: unknown;
}

declare const process: { versions?: { node?: string } } | undefined;

declare module '*/inline-bytes.js' {
  /** The WebAssembly module; build.mjs puts it there. */
  const bytes: Uint8Array;
  export default bytes;
}
