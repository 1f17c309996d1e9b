// The parts of Node that the package uses, so that it compiles without @types/node.

declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array>;
}

declare module 'ws' {
  export const WebSocket: unknown;
}

declare const process: { versions?: { node?: string } } | undefined;

declare module '*/inline-bytes.js' {
  /** The WebAssembly module. build.mjs supplies it. */
  const bytes: Uint8Array;
  export default bytes;
}
