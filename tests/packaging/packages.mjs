// Resolves tools that other folders of the project have installed.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../npm/package.mjs';

/** The path of a module that is installed in a folder. */
export const from = (place, name) => createRequire(join(root, place, 'package.json')).resolve(name);
export const importFrom = async (place, name) => import(pathToFileURL(from(place, name)));
