// Makes the static site: the demo page, the guides from the README files, and the references of both languages.
//
//   node build.mjs [--demo ../../build/demo-site] [--out ../../build/site] [--no-demo] [--url https://example.com/]
//
// The demo page has to be built before; with --no-demo only the folder docs/ is made. --url is where the site will be: the
// picture that other sites show beside a link needs an absolute address. Needs doxygen.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { precompress } from '../precompress.js';
import { foot, head } from './layout.mjs';
import { anchorsOf, escapeHtml, render, sectionsOf, slug } from './markdown.mjs';
import { groups, leftOut } from './pages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const { values } = parseArgs({
  options: {
    demo: { type: 'string', default: join(root, 'build/demo-site') },
    out: { type: 'string', default: join(root, 'build/site') },
    'no-demo': { type: 'boolean', default: false },
    url: { type: 'string', default: './' },
  },
});
const out = resolve(values.out);
const docs = join(out, 'docs');

function fail(text) {
  console.error(text);
  process.exit(1);
}

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) fail(`${stdout}${stderr}${command} ended with ${status}`);
  return stdout;
}

function write(path, text) {
  const file = join(docs, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

// Which page has which section. The address of an anchor is `file#anchor`, that of a file `file`.
const files = new Map(); // file -> sections, by title
const places = new Map(); // address -> address on the site
const pages = groups.flatMap((group) => group.pages);

function sectionsOfFile(file) {
  if (!files.has(file))
    files.set(file, new Map(sectionsOf(readFileSync(join(root, file), 'utf8')).map((one) => [one.title, one])));
  return files.get(file);
}

for (const page of pages) {
  page.sections = page.parts.flatMap(([file, ...titles]) => {
    const sections = sectionsOfFile(file);
    const wanted = titles[0] === '*' ? [...sections.keys()] : titles;
    return wanted.map((one) => {
      const [title, shown] = Array.isArray(one) ? one : [one, one];
      const section = sections.get(title);
      if (!section) fail(`pages.mjs: ${file} has no section '${title}'`);
      section.used = true;
      if (!places.has(file) || title === '') places.set(file, `${page.name}.html`);
      if (title !== '') places.set(`${file}#${slug(title)}`, `${page.name}.html#${slug(shown)}`);
      for (const anchor of anchorsOf(section.text)) places.set(`${file}#${anchor}`, `${page.name}.html#${anchor}`);
      return { file, title: shown, text: section.text };
    });
  });
}
for (const [file, sections] of files)
  for (const { title, text, used } of sections.values())
    if (!used && text !== '' && !leftOut[file]?.includes(title))
      fail(`pages.mjs: no page has the section '${title}' of ${file}`);

/** The address on the site of what a README links to. Other files of the repository are copied. */
function linkFrom(file) {
  return (href) => {
    const [path, anchor] = href.split('#');
    const target = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path));
    const place = places.get(anchor ? `${target}#${anchor}` : target);
    if (place) return place;
    if (path === '') return `#${anchor}`;
    const source = join(root, target);
    if (!existsSync(source)) fail(`${file}: there is no ${href}`);
    if (!/\.[a-z]+$|LICENSE$/.test(target)) return undefined; // A folder.
    // As text, because a server knows no media type of most of them.
    const copy = /\.(svg|png|webp)$/.test(target) ? `source/${target}` : `source/${target}.txt`;
    mkdirSync(dirname(join(docs, copy)), { recursive: true });
    cpSync(source, join(docs, copy));
    return copy;
  };
}

function contentsOf(headings) {
  const entries = headings.filter(({ depth }) => depth <= 3);
  if (entries.length < 3) return '';
  const items = entries.map(
    ({ depth, id, html }) =>
      `<li class="level-${depth}"><a href="#${id}">${html.replace(/<\/?a\b[^>]*>/g, '')}</a></li>`,
  );
  return `<nav class="on-this-page" data-pagefind-ignore aria-label="On this page"><ul>${items.join('')}</ul></nav>\n`;
}

function writeGuides() {
  for (const page of pages) {
    const used = new Set();
    const headings = [];
    const body = page.sections.map(({ file, title, text }) => {
      const rendered = render(title === '' ? text : `## ${title}\n\n${text}`, { link: linkFrom(file), used });
      headings.push(...rendered.headings);
      return rendered.html;
    });
    write(
      `${page.name}.html`,
      `${head({ name: page.name, title: page.title, root: './' })}<h1>${page.title}</h1>\n${contentsOf(headings)}${body.join('')}${foot}`,
    );
  }
}

function writeJavaScriptReference() {
  const folder = mkdtempSync(join(tmpdir(), 'reference-'));
  const typedoc = join(here, 'node_modules/typedoc/bin/typedoc');
  run(process.execPath, [typedoc, '--options', join(here, 'typedoc.json'), '--out', folder], { cwd: here });
  for (const [module, name, title] of [
    ['browser', 'twinsocket', 'twinsocket'],
    ['channels', 'channels', 'twinsocket/channels'],
    ['shared', 'shared', 'twinsocket/shared'],
  ]) {
    // The anchor in front of each heading becomes its own.
    const text = readFileSync(join(folder, `${module}.md`), 'utf8').replace(
      /<a id="([^"]+)"><\/a>\n+(#+ .*)/g,
      '$2 {#$1}',
    );
    const link = (href) => href.replace(/^browser\.md/, 'twinsocket.html').replace(/^(channels|shared)\.md/, '$1.html');
    const { html, headings } = render(text, { link });
    const name_ = `js/${name}`;
    write(
      `${name_}.html`,
      `${head({ name: name_, title, root: '../' })}<h1>${title}</h1>\n${contentsOf(headings.filter(({ depth }) => depth > 1))}${html}${foot}`,
    );
  }
  rmSync(folder, { recursive: true });
}

/** Doxygen's page without what needs scripts, its own style or the lists of all members. */
function withoutScripts(html) {
  return html
    .replace(/<script(?! type="module" src)[\s\S]*?<\/script>/g, '')
    .replace(/ (?:on[a-z]+|style|bgcolor|cellpadding|cellspacing|border|width|align|valign)="[^"]*"/g, '')
    .replace(/<img [^>]*>/g, '')
    .replaceAll('<div class="memproto">', '<div class="memproto" tabindex="0">')
    .replace(/<div class="summary">[\s\S]*?<\/div>/, '')
    .replace(/<a href="[^"]*-members\.html">[^<]*<\/a>/g, '')
    .replace(/<div class="title">([\s\S]*?)<\/div>/, '<h1>$1</h1>')
    .replace(/<span(?: id="[^"]*")? class="arrow">[^<]*<\/span>|<span class="icona">.*?<\/span><\/span>/g, '')
    .replace(/<title>twinsocket: /, '<title>');
}

function writeCppReference() {
  const folder = mkdtempSync(join(tmpdir(), 'reference-'));
  writeFileSync(
    join(folder, 'head.html'),
    `${head({ name: 'cpp/index', title: '$title', root: '../', styles: ['cpp.css'] })}<div>\n`,
  ); // Doxygen closes a division.
  writeFileSync(join(folder, 'foot.html'), foot);
  mkdirSync(join(docs, 'cpp'), { recursive: true });
  const settings = `${readFileSync(join(here, 'Doxyfile'), 'utf8')}
OUTPUT_DIRECTORY = ${join(docs, 'cpp')}
HTML_HEADER = ${join(folder, 'head.html')}
HTML_FOOTER = ${join(folder, 'foot.html')}
`;
  run('doxygen', ['-'], { input: settings });
  rmSync(folder, { recursive: true });
  for (const name of readdirSync(join(docs, 'cpp'))) {
    const file = join(docs, 'cpp', name);
    if (!name.endsWith('.html') || name.endsWith('-members.html')) rmSync(file, { recursive: true });
    else writeFileSync(file, withoutScripts(readFileSync(file, 'utf8')));
  }
  cpSync(join(docs, 'cpp/annotated.html'), join(docs, 'cpp/index.html'));
}

/** The page as `./run.sh demo` has it, with its link to the documentation. */
function copyDemo() {
  if (!existsSync(join(values.demo, 'index.html'))) fail(`${values.demo} has no index.html: build the demo page first`);
  rmSync(out, { recursive: true, force: true });
  cpSync(values.demo, out, { recursive: true });
  const page = readFileSync(join(out, 'index.html'), 'utf8');
  const replacements = [
    ['<p id="docs-link" hidden>', '<p id="docs-link">'],
    ['content="./social-card.png"', `content="${escapeHtml(values.url.replace(/\/?$/, '/'))}social-card.png"`],
  ];
  let changed = page;
  for (const [before, after] of replacements) {
    if (!page.includes(before)) fail(`${values.demo}/index.html has no ${before}`);
    changed = changed.replace(before, after);
  }
  writeFileSync(join(out, 'index.html'), changed);
}

if (!values['no-demo']) copyDemo();
rmSync(docs, { recursive: true, force: true });
mkdirSync(docs, { recursive: true });
for (const name of ['cpp.css', 'search.js']) cpSync(join(here, name), join(docs, name));
write(
  'docs.css',
  ['../src/style/tokens.css', 'docs.css'].map((file) => readFileSync(join(here, file), 'utf8')).join('\n'),
);
cpSync(join(here, '../public/favicon.svg'), join(docs, 'favicon.svg'));
writeGuides();
writeJavaScriptReference();
writeCppReference();
cpSync(join(docs, 'start.html'), join(docs, 'index.html'));
const indexed = run(join(here, 'node_modules/.bin/pagefind'), [
  '--site',
  docs,
  '--output-subdir',
  'pagefind',
  '--quiet',
]);
// After all changes: a server would send a compressed file of before.
precompress(values['no-demo'] ? docs : out);
console.log(`${indexed}${relative(root, out)}: ${pages.length} guides, the references of C++ and JavaScript`);
