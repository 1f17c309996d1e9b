// The WebAssembly files of the package in pages, in workers and for bundlers, which find and copy them by these expressions.
// build.mjs replaces this file by module-files.node.ts and module-files.inline.ts in the other entry points.

import type { ModuleFile } from './module-code.js';

export const twinsocketFile: ModuleFile = () => new URL('./twinsocket.wasm', import.meta.url);
export const twinsocketXmlFile: ModuleFile = () => new URL('./twinsocket_xml.wasm', import.meta.url);
