// Tools that other folders of the project have installed.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../npm/package.mjs';

/** Where a module of a folder is. */
export const from = (place, name) => createRequire(join(root, place, 'package.json')).resolve(name);
export const importFrom = async (place, name) => import(pathToFileURL(from(place, name)));
