// The codec benchmarks, of programs in C++ and in Go.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { progress, say, show } from './report.mjs';
import { pinToCpu } from './servers.mjs';

const peers = { nlohmann: 'nlohmann-json3-dev', RapidJSON: 'rapidjson-dev', simdjson: 'libsimdjson-dev', pugixml: 'libpugixml-dev', Go: 'golang-go' };

/** `folder` is for the documents that the programs share. */
export async function measureCodecs(folder, { programs, seconds }) {
  const lines = [];
  for (const program of ['codecs', 'codecs_go']) {
    if (program === 'codecs_go' && !existsSync(join(programs, program))) continue;
    progress(program);
    const [file, ...words] = pinToCpu(0, [join(programs, program), folder, String(seconds)]);
    const { stdout } = await promisify(execFile)(file, words);
    lines.push(...stdout.trim().split('\n').map((line) => JSON.parse(line)));
  }
  progress('');
  for (const [name, from] of Object.entries(peers)) {
    if (!lines.some(({ library }) => library === name)) say(`${name} is not measured: it requires ${from}.`);
  }
  const names = Object.keys(peers);
  const rows = lines.filter(({ library }) => library === 'twinsocket').map((own) => {
    const find = (name) => lines.find(({ library, codec, items }) => library === name && codec === own.codec && items === own.items);
    return [`${own.codec}, ${own.bytes} B`, own.speed, ...names.map((name) => (find(name)?.speed ?? NaN) / own.speed)];
  });
  show('Codecs, to and from a described struct: MB/s of CPU time, of the others as times that', ['codec', 'twinsocket', ...names], rows);

  const judges = ['twinsocket', ...names.filter((name) => name !== 'Go')];
  const faults = lines.filter(({ fault }) => fault).map(({ format, fault, accepted, refused }) => {
    const verdict = (name) => (accepted.includes(name) ? 'accepted' : refused.includes(name) ? 'refused' : '-');
    return [`${format}: ${fault}`, ...judges.map(verdict)];
  });
  show('Wrong documents, which a codec should refuse', ['fault', ...judges], faults);
}
