// Links and file names in the Markdown files lead to files of the repository.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';

// Not json: `sensors.json` is a subprotocol.
const sourceFile = /\.(cpp|hpp|h|mjs|js|ts|cmake|md|py|go|sh|html|css)$/;

/** Every file and folder of the repository. The root is '.'. */
function everyPath(files) {
  const paths = new Set(files);
  for (const file of files) for (let at = posix.dirname(file); !paths.has(at); at = posix.dirname(at)) paths.add(at);
  return paths;
}

const withoutBlocks = (text) => text.replace(/^( *)```.*?^\1```$/gms, '');
const withoutCode = (text) => text.replace(/`[^`\n]+`/g, '');

/** Links of [text](target), ![text](target), [text]: target, and of HTML, without those to other sites. */
function linksOf(text) {
  const matches = withoutCode(text).matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]: *(\S+)|<\w+ [^>]*?(?:href|src)="([^"]*)"/gm);
  return [...matches].map((match) => match[1] ?? match[2] ?? match[3]).filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives to the headings. */
function anchorsOf(text) {
  const anchors = new Set();
  for (const [, heading] of text.matchAll(/^#+ +(.+?) *$/gm)) {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = name;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${name}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The path that a piece of code names, without placeholders like NAME at its end; undefined if it may be anything else. */
function pathOf(code, folder, paths) {
  if (!/^[\w.-]+(\/[\w.-]+)*\/?$/.test(code)) return undefined;
  const parts = code.replace(/\/$/, '').split('/');
  const placeholder = parts.findIndex((part) => /^[A-Z]+$/.test(part));
  if (placeholder > 0) parts.length = placeholder;
  const isInFolder = parts.length > 1 && [parts[0], posix.join(folder, parts[0])].some((first) => paths.has(first));
  return isInFolder || sourceFile.test(code) ? parts.join('/') : undefined;
}

describe('Markdown', { skip: untracked }, () => {
  const files = untracked ? [] : trackedFiles();
  const paths = everyPath(files);
  const documents = files.filter((file) => file.endsWith('.md'));
  const texts = new Map(documents.map((file) => [file, withoutBlocks(readFileSync(join(root, file), 'utf8'))]));

  test('relative links and anchors exist', () => {
    const broken = [];
    let links = 0;
    for (const [file, text] of texts)
      for (const link of linksOf(text)) {
        links += 1;
        const [path, anchor] = link.split('#');
        const target = path ? posix.join(posix.dirname(file), path).replace(/\/$/, '') : file;
        if (!paths.has(target)) broken.push(`${file}: ${link}: no such file`);
        else if (anchor !== undefined && !(texts.has(target) && anchorsOf(texts.get(target)).has(anchor)))
          broken.push(`${file}: ${link}: no such heading`);
      }
    assert.ok(links > 30, `found only ${links} links`);
    assert.ok(!broken.length, broken.join('\n'));
  });

  // A name is relative to the root, to the folder of the document, or the end of a path ("server.hpp").
  test('file names in code spans exist', () => {
    const broken = [];
    let names = 0;
    for (const [file, text] of texts)
      for (const [, code] of text.matchAll(/`([^`\n]+)`/g)) {
        const folder = posix.dirname(file);
        const path = pathOf(code, folder, paths);
        // X is a placeholder for a name.
        if (path === undefined || /\bX\b|(?<![A-Za-z])X(?=_)/.test(path)) continue;
        names += 1;
        const isFound =
          paths.has(path) ||
          paths.has(posix.join(folder, path)) ||
          (sourceFile.test(path) && files.some((known) => known.endsWith(`/${path}`)));
        if (!isFound) broken.push(`${file}: ${code}`);
      }
    assert.ok(names > 50, `found only ${names} names`);
    assert.ok(!broken.length, broken.join('\n'));
  });
});
