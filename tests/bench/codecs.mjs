// The codec benchmarks, of programs in C++ and in Go.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { progress, show } from './report.mjs';
import { pinToCpu } from './servers.mjs';

const peers = ['nlohmann', 'Go'];

/** `folder` is for the documents that the programs share. */
export async function measureCodecs(folder, { programs, seconds }) {
  const lines = [];
  for (const program of ['codecs', 'codecs_go']) {
    progress(program);
    const [file, ...words] = pinToCpu(0, [join(programs, program), folder, String(seconds)]);
    if (program === 'codecs_go' && !existsSync(join(programs, program))) continue;
    const { stdout } = await promisify(execFile)(file, words);
    lines.push(...stdout.trim().split('\n').map((line) => JSON.parse(line)));
  }
  progress('');
  const rows = lines.filter(({ library }) => library === 'twinsocket').map((own) => {
    const find = (name) => lines.find(({ library, codec, items }) => library === name && codec === own.codec && items === own.items);
    return [`${own.codec}, ${own.bytes} B`, own.speed, ...peers.map((name) => (find(name)?.speed ?? NaN) / own.speed)];
  });
  show('Codecs, to and from a described struct: MB/s of CPU time, of the others as times that', ['codec', 'twinsocket', ...peers], rows);
}
