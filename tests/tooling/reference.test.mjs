// Every public name of the headers has a comment for the reference: `///` above it, or `///<` behind it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from './tracked.mjs';

const isMissing = spawnSync('doxygen', ['--version']).error && 'requires doxygen';

// The compiler or the library calls these: users do not.
const technical = /^(await_(ready|suspend|resume)|promise_type|operator.*)$/;

/** Runs a function with the path of a folder that exists as long as the function runs. */
function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-reference-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The XML documents of all classes, concepts, namespaces and files in these folders. */
function read(...folders) {
  return inFolder((output) => {
    const settings = `
      QUIET = YES
      WARNINGS = NO
      OUTPUT_DIRECTORY = "${output}"
      GENERATE_HTML = NO
      GENERATE_LATEX = NO
      GENERATE_XML = YES
      XML_PROGRAMLISTING = NO
      INPUT = ${folders.map((path) => `"${path}"`).join(' ')}
      FILE_PATTERNS = *.hpp
      RECURSIVE = YES
      EXCLUDE_PATTERNS = */detail/*
      EXCLUDE_SYMBOLS = *::detail *::detail::*
      JAVADOC_AUTOBRIEF = YES
      MACRO_EXPANSION = YES
      EXPAND_ONLY_PREDEF = YES
      PREDEFINED = TWINSOCKET_LIFETIMEBOUND= "BOOST_DESCRIBE_STRUCT(...)=" "BOOST_DESCRIBE_ENUM(...)=" "TWINSOCKET_NAMES(...)="`;
    const { status, stderr } = spawnSync('doxygen', ['-'], { input: settings, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const xml = join(output, 'xml');
    return readdirSync(xml)
      .filter((file) => /^(class|struct|union|concept|namespace|.*_8hpp)/.test(file))
      .map((file) => readFileSync(join(xml, file), 'utf8'));
  });
}

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const decode = (text) => text.replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole);
const nameIn = (xml, tag) => decode(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '');
const fileIn = (xml) => /<location file="([^"]*)"/.exec(xml)?.[1] ?? '';

/** True if a description has text. */
function isDocumented(xml) {
  const descriptions = [...xml.matchAll(/<(brief|detailed)description>(.*?)<\/\1description>/gs)];
  return descriptions.some(([, , text]) => text.replace(/<[^>]*>/g, '').trim() !== '');
}

/**
 * The public names in the XML, as { name, file, documented }. Overloads are one name. So are a setter and its getter:
 * one comment is enough for them. Constructors, operators and deleted functions need none.
 */
function namesIn(documents) {
  const found = new Map();
  const add = (name, xml) => {
    const one = found.get(name) ?? { name, file: fileIn(xml), documented: false };
    one.documented ||= isDocumented(xml);
    found.set(name, one);
  };
  for (const document of documents) {
    const [head] = /<compounddef [^>]*>/.exec(document);
    const [kind, access] = ['kind', 'prot'].map((name) => new RegExp(` ${name}="(\\w+)"`).exec(head)?.[1] ?? 'public');
    const compound = nameIn(document, 'compoundname');
    if (access !== 'public' || /^(std|boost)(::|$)/.test(compound)) continue;
    const members = [...document.matchAll(/<memberdef kind="(\w+)"[^>]* prot="public".*?<\/memberdef>/gs)];
    const rest = document.replace(/<sectiondef.*<\/sectiondef>/s, '');
    if (kind !== 'namespace' && kind !== 'file') add(compound, rest);
    const own = compound.replace(/<.*/, '').split('::').at(-1);
    for (const [xml, type] of members) {
      const name = nameIn(xml, 'name');
      if (type === 'friend' || technical.test(name) || name === own || name === `~${own}`) continue;
      if (kind === 'file' ? type !== 'define' || name.startsWith('TWINSOCKET_DETAIL_') : /= *delete/.test(xml)) continue;
      const path = kind === 'file' ? name : `${compound}::${name}`;
      const values = /<enumvalue .*?<\/enumvalue>/gs;
      for (const [value] of xml.matchAll(values)) add(`${path}::${nameIn(value, 'name')}`, `${value}${/<location .*/.exec(xml)?.[0]}`);
      add(path, xml.replace(values, ''));
    }
  }
  return [...found.values()];
}

const undocumented = (names) => names.filter((one) => !one.documented).map(({ file, name }) => `${relative(root, file)}: ${name}`).sort();

test('every public name of the headers is documented', { skip: isMissing }, () => {
  const folders = ['sdk/include', 'native/include', 'wasm/include'].map((folder) => join(root, folder));
  for (const folder of folders) assert.ok(existsSync(folder), folder);
  const names = namesIn(read(...folders));
  assert.ok(names.length > 800, `only ${names.length} names`);
  const absent = undocumented(names);
  assert.equal(absent.length, 0, `names without a comment:\n${absent.join('\n')}`);
});

test('a public name without a comment is found', { skip: isMissing }, () => {
  inFolder((folder) => {
    writeFileSync(
      join(folder, 'small.hpp'),
      `#define LIMIT 1
       namespace small {
       namespace detail { void internal(); }
       /// Documented.
       class one {
        public:
         one();
         /// A setter, whose comment covers its getter.
         one& size(int value);
         int size() const;
         int copy() const = delete;
         int color() const;
         friend void helper();
         bool operator==(const one&) const;
         int unit;
         int width;  ///< Documented.
         enum class way { up, down /**< Documented. */ };
         using item = int;
        private:
         int hidden();
         struct nested final { int inner; };
        protected:
         struct base { int inner; };
       };
       template <class T> struct two {};
       template <class T> concept three = true;
       void run();
       int run(int);
       /// Documented.
       int walk(int);
       inline constexpr int most = 3;
       }`,
    );
    const found = undocumented(namesIn(read(folder))).map((line) => line.split(': ')[1]);
    assert.deepEqual(found, [
      'LIMIT',
      'small::most',
      'small::one::color',
      'small::one::item',
      'small::one::unit',
      'small::one::way',
      'small::one::way::up',
      'small::run',
      'small::three',
      'small::two',
    ]);
  });
});
