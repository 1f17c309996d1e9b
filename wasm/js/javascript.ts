// Entry point without WebAssembly, for platforms that have none, such as React Native, and for pages whose
// Content-Security-Policy forbids it. The same C++ code is compiled to JavaScript, so that init() loads nothing and ignores its
// `source`. build.mjs replaces the files of the modules and of what such platforms lack.

export * from './browser.js';
