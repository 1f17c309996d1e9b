// node generate.mjs FOLDER: draws types with the seed in TWINSOCKET_SEED. Writes them to the folder as C++ (types.hpp)
// and as Go (go/), and their properties for the tests (types.json). Leaves a file alone that would not change.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawTypes } from './types.mjs';
import { writeCpp } from './write_cpp.mjs';
import { writeGo } from './write_go.mjs';

const folder = process.argv[2];
const types = drawTypes(Number(process.env.TWINSOCKET_SEED || 1));

function write(name, text) {
  const file = join(folder, name);
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // The file does not exist yet.
  }
  if (before !== text) writeFileSync(file, text);
}

mkdirSync(join(folder, 'go'), { recursive: true });
write('types.hpp', writeCpp(types));
write('go/types.go', writeGo(types));
write('go/main.go', readFileSync(new URL('go/main.go', import.meta.url), 'utf8'));
write(
  'types.json',
  `${JSON.stringify({
    seed: types.seed,
    checksum: createHash('sha256').update(writeCpp(types)).digest('hex'),
    all: [...types.structs, types.choice].map(({ cpp, wire, goFormats }) => ({ name: cpp, wire, goFormats })),
    // Whatever can be the name of a member in JSON.
    names: [
      ...types.structs.flatMap(({ wire, members }) => [wire, ...members.map(({ cpp, words }) => words.name ?? cpp)]),
      ...types.enumerations.map(({ go }) => go),
      ...['string', 'bool', 'double', 'int32', 'int8'],
    ],
  })}\n`,
);
