import { init, struct, string, xml } from 'twinsocket/inline';

// The WebAssembly module is embedded in the code: there is no other file to load.
await init();
Object.assign(globalThis, { encoded: xml(struct('A', { b: string() })).encode({ b: 'c' }) });
