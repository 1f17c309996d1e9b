import { initXml, struct, string, xml } from 'twinsocket/inline';

// The WebAssembly modules are embedded in the code: there is no other file to load.
await initXml();
Object.assign(globalThis, { encoded: xml(struct('A', { b: string() })).encode({ b: 'c' }) });
