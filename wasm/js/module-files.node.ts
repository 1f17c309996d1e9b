// The WebAssembly files of the package in Node, whose fetch() cannot read file: URLs.

import { readFile } from 'node:fs/promises';
import type { ModuleFile } from './module-code.js';

export const twinsocketFile: ModuleFile = () => readFile(new URL('./twinsocket.wasm', import.meta.url));
export const twinsocketXmlFile: ModuleFile = () => readFile(new URL('./twinsocket_xml.wasm', import.meta.url));
