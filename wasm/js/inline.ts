// Entry point with the WebAssembly modules embedded, for bundlers that copy no other files and for single-file pages. build.mjs
// replaces the files of the modules.

export * from './browser.js';
