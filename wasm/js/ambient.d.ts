// The parts of Node that the package uses, so that it compiles without @types/node.

declare module 'node:crypto' {
  export function randomUUID(): string;
}

declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array>;
}

declare module 'ws' {
  export const WebSocket: unknown;
}

declare const process: { versions?: { node?: string } } | undefined;

declare module '*.wasm' {
  /** A WebAssembly module in base64. build.mjs supplies it. */
  const base64: string;
  export default base64;
}

declare module '*.wasm.js' {
  /** Creates an instance of a WebAssembly module that is compiled to JavaScript. wasm2js.mjs writes it. */
  export function instantiate(imports: Record<string, (...numbers: number[]) => unknown>): unknown;
}

/** A page's class, which the library of workers lacks. */
declare class SharedWorker extends EventTarget {
  constructor(url: string | URL, options: { type: 'module'; name: string });
  readonly port: MessagePort;
}
