// Which folder may include which, as the tables "layer, may include" of the READMEs say. A quoted include is searched for as the build
// does: the folders of `searched` in their order.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';

const searched = ['native/src', 'native/include', 'sdk/src', 'sdk/include', 'wasm/src', 'native/app', ''];

/** The folders and files of native/src that a folder of native/src may include, besides itself. */
const allowed = {
  channels: ['client', 'http', 'server/prometheus_text.hpp', 'transport'],
  client: ['deflate', 'http', 'platform', 'tls', 'transport'],
  connection: [],
  deflate: [],
  http: [],
  platform: ['transport/connected_socket.hpp', 'transport/handler_memory.hpp', 'transport/socket.hpp'],
  server: ['deflate', 'http', 'platform', 'tls', 'transport'],
  tls: ['platform'],
  topics: [],
  transport: ['platform', 'tls'],
  url: [],
};

/** The project's files that a file includes, by their paths from the root. */
function includesOf(file) {
  const named = [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*#\s*include\s*["<]([^">]+)[">]/gm)];
  return named.flatMap(([, name]) => {
    const places = [dirname(file), ...searched].map((folder) => posix.join(folder, name));
    return places.find((place) => existsSync(join(root, place))) ?? [];
  });
}

const sources = (folder) => trackedFiles(`:/${folder}/*.hpp`, `:/${folder}/*.cpp`);

/** Lines such as "a.cpp includes b.hpp", for each include that is not permitted. */
function violations(files, isPermitted) {
  return files.flatMap((file) =>
    includesOf(file)
      .filter((included) => !isPermitted(file, included))
      .map((included) => `${file} includes ${included}`),
  );
}

test('the folders of native/src include each other in one direction', { skip: untracked }, () => {
  const files = sources('native/src');
  assert.ok(files.length > 100, `only ${files.length} files`);
  const isPermitted = (file, included) => {
    if (!included.startsWith('native/src/')) return /^(native\/include|sdk)\//.test(included);
    const [, , from] = file.split('/');
    const to = included.slice('native/src/'.length);
    return to.startsWith(`${from}/`) || allowed[from]?.some((one) => to === one || to.startsWith(`${one}/`));
  };
  assert.deepEqual(violations(files, isPermitted), []);
});

test('native/src has no include cycle', { skip: untracked }, () => {
  const finished = new Set();
  const walk = (file, path) => {
    assert.ok(!path.includes(file), [...path, file].join(' includes '));
    if (finished.has(file)) return;
    for (const included of includesOf(file)) walk(included, [...path, file]);
    finished.add(file);
  };
  for (const file of sources('native/src')) walk(file, []);
  assert.ok(finished.size > 100);
});

test('sdk includes neither native nor wasm', { skip: untracked }, () => {
  const files = sources('sdk');
  assert.ok(files.length > 100, `only ${files.length} files`);
  assert.deepEqual(
    violations(files, (_, included) => included.startsWith('sdk/')),
    [],
  );
});

test('wasm/src includes only wasm/src and sdk', { skip: untracked }, () => {
  const isPermitted = (_, included) => /^(wasm\/src|sdk)\//.test(included);
  assert.deepEqual(violations(sources('wasm/src'), isPermitted), []);
});

test('the program and the examples include only public headers', { skip: untracked }, () => {
  const files = [...sources('native/app'), ...sources('native/examples')];
  const isPermitted = (file, included) =>
    included.startsWith(posix.join(...file.split('/').slice(0, 2), '/')) ||
    /^(native\/include|sdk\/include|demo-site)\//.test(included) ||
    /^native\/src\/platform\/(unique_handle|wide_text)_windows\.hpp$/.test(included) ||
    included === 'sdk/src/codec/unicode.hpp';
  assert.deepEqual(violations(files, isPermitted), []);
});

test('only the files of one operating system include its headers or ask for its macros', { skip: untracked }, () => {
  const ofSystem = /^native\/(src|app)\/platform\/\w+_(linux|posix|windows)\.[ch]pp$/;
  const systemHeaders =
    /^(arpa|linux|net|netinet|sys)\/|^(dirent|dlfcn|fcntl|netdb|poll|pthread|pwd|signal|spawn|syslog|termios|unistd)\.h$|^(afunix|psapi|shellapi|wbemidl|wincrypt|windows|winsock2|ws2tcpip)\.h$/;
  const files = [...sources('native'), ...sources('sdk')].filter((file) => !ofSystem.test(file));
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => {
        const header = /^\s*#\s*include\s*<([^>]+)>/.exec(line)?.[1];
        return header ? systemHeaders.test(header) : /^\s*#.*\b(__linux__|__unix__|__APPLE__|_WIN32|_POSIX_\w+)\b/.test(line);
      })
      .map((line) => `${file}: ${line}`),
  );
  assert.ok(files.length > 400, `only ${files.length} files`);
  assert.deepEqual(found, []);
});

test('what the program and the server in the page of the demo share includes only public headers', { skip: untracked }, () => {
  const files = sources('demo-site/server').filter((file) => !file.startsWith('demo-site/server/page/'));
  assert.ok(files.length >= 8, `only ${files.length} files`);
  const isPermitted = (_, included) =>
    (/^(native\/include|sdk\/include|demo-site)\//.test(included) && !included.startsWith('demo-site/server/page/')) ||
    included === 'native/app/sensors/valid_utf8.hpp';
  assert.deepEqual(violations(files, isPermitted), []);
});

test('each umbrella header includes all public headers of its component', { skip: untracked }, () => {
  const parts = [
    ['sdk/include/twinsocket', 'sdk/include/twinsocket/twinsocket.hpp'],
    ['native/include/twinsocket/native', 'native/include/twinsocket/native.hpp'],
  ];
  for (const [folder, umbrella] of parts) {
    const headers = sources(folder).filter((file) => dirname(file) === folder && file !== umbrella);
    assert.ok(headers.length > 25, `only ${headers.length} headers in ${folder}`);
    const included = includesOf(umbrella).filter((file) => dirname(file) === folder);
    assert.deepEqual(included.sort(), headers.sort());
  }
});
