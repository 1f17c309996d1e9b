// The modules of the package, compiled to JavaScript. That of XML is loaded when it is used.

import type { ModuleFile } from './module-code.javascript.js';
import { instantiate } from './twinsocket.wasm.js';

export const twinsocketFile: ModuleFile = () => instantiate;
export const twinsocketXmlFile: ModuleFile = async () => (await import('./twinsocket_xml.wasm.js')).instantiate;
