// The WebAssembly files of the package, embedded in base64. A bundler leaves out a text that is not used.

import type { ModuleFile } from './module-code.js';
import twinsocket from './twinsocket.wasm';
import twinsocketXml from './twinsocket_xml.wasm';

export const twinsocketFile: ModuleFile = () => decode(twinsocket);
export const twinsocketXmlFile: ModuleFile = () => decode(twinsocketXml);

function decode(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
