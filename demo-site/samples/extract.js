// The code that the page shows beside each section. vite.config.js takes it from the files when the page is built, so that it
// is code that is compiled and tested.

import { readFileSync } from 'node:fs';

/** By section: functions of a C++ file, each named by the beginning of its first line; and a TypeScript file. */
const sections = {
  sensors: { file: 'server/routes.cpp', functions: ['std::optional<result<message>> encode(', 'void add_sensors('] },
  chat: { file: 'server/rooms.cpp', functions: ['std::shared_ptr<channels> make_rooms('] },
  echo: { file: 'server/handlers.cpp', functions: ['task<void> echo('] },
  frames: {
    file: 'frames/describe_frames.cpp',
    functions: ['twinsocket::detail::buffer write_frames('],
    language: 'C++ as WebAssembly',
  },
  person: { file: 'server/handlers.cpp', functions: ['template <class Codec>'] },
  speed: { file: 'server/handlers.cpp', functions: ['task<void> echo('] },
};

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** A function that begins with this text at the beginning of a line, up to its closing brace. */
export function functionAt(source, start) {
  const first = `\n${source}`.indexOf(`\n${start}`);
  const end = source.indexOf('\n}\n', first);
  if (first < 0 || end < 0) throw new Error(`no function begins with "${start}"`);
  return source.slice(first, end + 2);
}

/** The code of each section, with the files that it comes from. */
export function extractSamples() {
  const samples = {};
  for (const [section, { file, functions, language = 'C++ on the server' }] of Object.entries(sections)) {
    const source = read(file);
    const typescript = `samples/${section}.ts`;
    samples[section] = [
      { language, file, code: functions.map((start) => functionAt(source, start)).join('\n\n') },
      { language: 'TypeScript in a page', file: typescript, code: read(typescript).trimEnd() },
    ];
  }
  return samples;
}
