// Generates JavaScript and TypeScript for described types.

import { identifier, keyOf, quote } from './source.mjs';

// Names that a constant or a type cannot have.
const reserved = new Set(
  `any arguments as async await bigint boolean break case catch class const continue debugger default delete do else enum
  eval export extends false finally for function if implements import in instanceof interface let never new null number
  object package private protected public return static string super switch symbol this throw true try type typeof
  undefined unknown var void while with yield Uint8Array`.split(/\s+/),
);

/** Throws for type names that are invalid in TypeScript, and for duplicates. */
export function checkNames(types) {
  const seen = new Set();
  for (const { name } of types) {
    const advice = 'give it another name with TWINSOCKET_NAMES';
    if (!identifier.test(name) || reserved.has(name) || name === '$')
      throw new Error(`a type cannot be called ${JSON.stringify(name)} in TypeScript: ${advice}`);
    if (seen.has(name)) throw new Error(`two types are called ${name}: give one another name with TWINSOCKET_NAMES`);
    seen.add(name);
  }
}

/**
 * Builds the description of a type with the functions of `$`. The functions of the client create the description itself,
 * those of `sourceBuilder` create its source text. `named` returns the description of a struct or an enum by its name.
 */
function describe(type, $, named) {
  const of = (type.of ?? []).map((each) => describe(each, $, named));
  switch (type.kind) {
    case 'struct':
    case 'enum':
      return named(type.name);
    case 'bytes':
      return type.count === undefined ? $.bytes() : $.bytes(type.count);
    case 'list':
      return type.count === undefined ? $.list(...of) : $.list(...of, type.count);
    case 'oneOf':
      return $.oneOf(Object.fromEntries(type.names.map((name, i) => [name, of[i]])));
    case 'converted':
      return type.format === 'date-time' ? $.time() : $.oneElement(...of);
    default:
      // For all other kinds the function has the name of the kind.
      return $[type.kind](...of);
  }
}

/** Wraps the description of a member in its attributes. */
function describeMember({ name, xml_name, form, omit_empty, required, as_string }, description, $, isEverEmpty) {
  let member = description;
  if (as_string) member = $.asString(member);
  if (omit_empty && isEverEmpty) member = $.omitEmpty(member);
  if (form) member = $[form](member);
  if (xml_name && xml_name !== name) member = $.xmlName(xml_name, member);
  if (required) member = $.required(member);
  return member;
}

/** Source text, which `toSource` does not quote. */
class SourceText {
  constructor(text) {
    this.text = text;
  }
}

/** Functions that return the source text of their calls. */
const sourceBuilder = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (...values) =>
        new SourceText(`$.${name}(${values.map(toSource).join(', ')})`),
  },
);

function toSource(value) {
  if (value instanceof SourceText) return value.text;
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return `new Uint8Array([${value.join(', ')}])`;
  if (Array.isArray(value)) return `[${value.map(toSource).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${properties(value).join(', ')} }`;
  return Object.is(value, -0) ? '-0' : String(value);
}
function properties(value) {
  return Object.entries(value).map(
    ([key, part]) => `${key === '__proto__' ? '["__proto__"]' : keyOf(key)}: ${toSource(part)}`,
  );
}

/**
 * Generates the definitions of all types, for a module that imports the client as `$` and the checks as `$checks`. `functions`
 * are those of the checks of each type.
 */
export function definitions(types, client, functions) {
  return definitionsOf(types, client)
    .map((code, i) => {
      const checks = functions[i];
      if (!checks) return `export const ${types[i].name} = ${code};\n`;
      const parts = Object.entries(checks).map(([purpose, name]) => `${purpose}: $checks.${name}`);
      return `export const ${types[i].name} = $.withChecks(\n  ${code.replaceAll('\n', '\n  ')},\n  { ${parts.join(', ')} },\n);\n`;
    })
    .join('\n');
}

/** The source text of the description of each type. */
function definitionsOf(types, client) {
  const byName = new Map(types.map((type) => [type.name, type]));
  const defined = new Map();
  const reference = (name) => new SourceText(defined.has(name) ? name : `$.lazy(() => ${name})`);
  const real = (name) => defined.get(name) ?? client.lazy(() => defined.get(name));

  /** Builds the source text and the description itself. */
  const both = (make) => ({ code: make(sourceBuilder, reference), real: make(client, real) });

  return types.map((type) => {
    let made;
    if (type.type) made = both(($, named) => describe(type.type, $, named));
    else if (type.enumerators.length > 0) made = both(($) => $.choice(...names(type)));
    else {
      const members = type.members.map((member) => [member.name, describeWhole(member)]);
      const object = (form) => Object.fromEntries(members.map(([name, member]) => [name, member[form]]));
      const lines = properties(object('code')).map((line) => `  ${line},\n`);
      // JavaScript enumerates names that are integers before all others.
      const names = members.map(([name]) => name);
      const order = Object.keys(object('real')).every((name, i) => name === names[i]) ? [] : [names];
      made = {
        code: new SourceText(
          `$.struct(${[quote(type.name), `{\n${lines.join('')}}`, ...order.map(toSource)].join(', ')})`,
        ),
        real: client.struct(type.name, object('real'), ...order),
      };
    }
    defined.set(type.name, made.real);
    return made.code.text;
  });

  function describeWhole(member) {
    const isEverEmpty =
      member.type.kind !== 'enum' || byName.get(member.type.name).enumerators.some(({ zero }) => zero);
    const plain = both(($, named) => describe(member.type, $, named));
    const made = both(($) => describeMember(member, $ === client ? plain.real : plain.code, $, isEverEmpty));
    if (!member.default_value) return made;
    const value = client.json(plain.real).decode(member.default_value);
    if (value === undefined) return made;
    return { code: sourceBuilder.withDefault(made.code, value), real: client.withDefault(made.real, value) };
  }
}

/** The enumerators, with the one of the value 0 first, because it is the default. */
function names({ enumerators }) {
  return [...enumerators].sort((a, b) => b.zero - a.zero).map(({ name }) => name);
}

/** Generates the declarations of all types. */
export function declarations(types) {
  const parts = types.map((type) => {
    const { name } = type;
    return `${typeOf(type)}export declare const ${name}: $.Description<${name}>;\n`;
  });
  return `import type * as $ from './client/browser.js';\n\n${parts.join('\n')}`;
}

/** Generates a module in TypeScript: the types and their descriptions. It imports those that it is made of from the client. */
export function moduleSource(types, client) {
  const parts = definitionsOf(types, client).map((code, i) => {
    const { name } = types[i];
    return `${typeOf(types[i])}export const ${name}: $.Description<${name}> = ${code};\n`;
  });
  return `import * as $ from './description.js';\n\n${parts.join('\n')}`;
}

/** The declaration of a type. */
function typeOf(type) {
  const { name } = type;
  if (type.type) return `${comment(type.doc, '')}export type ${name} = ${typeText(type.type)};\n`;
  if (type.enumerators.length > 0) {
    const lines = type.enumerators.filter(({ doc }) => doc).map((each) => `- \`${each.name}\`: ${each.doc}`);
    const docs = [type.doc, ...lines].filter(Boolean).join('\n');
    return `${comment(docs, '')}export type ${name} = ${names(type).map(quote).join(' | ')};\n`;
  }
  const members = type.members.map((member) => {
    const isOptional = member.type.kind === 'optional';
    const text = `  ${keyOf(member.name)}${isOptional ? '?' : ''}: ${typeText(member.type)};\n`;
    return comment(docOf(member), '  ') + text;
  });
  return `${comment(type.doc, '')}export interface ${name} {\n${members.join('')}}\n`;
}

function docOf({ doc, default_value, type }) {
  const lines = [doc];
  if (type.kind === 'converted' && type.format) lines.push(`Format: ${type.format}.`);
  if (default_value) lines.push(`Default: ${default_value}`);
  return lines.filter(Boolean).join('\n');
}

/** The TypeScript notation of a type. */
export function typeText(type) {
  const [first] = type.of ?? [];
  switch (type.kind) {
    case 'struct':
    case 'enum':
      return type.name;
    case 'string':
    case 'boolean':
      return type.kind;
    case 'int64':
    case 'uint64':
      return 'bigint';
    case 'bytes':
      return 'Uint8Array';
    case 'optional':
      return `${typeText(first)} | undefined`;
    case 'list': {
      const element = typeText(first);
      return `${/^[\w$]+(\[\])*$/.test(element) ? element : `(${element})`}[]`;
    }
    case 'map':
      // Not Record<>, because one of the types may be called Record.
      return `{ [key: string]: ${typeText(first)} }`;
    case 'oneOf':
      return type.names.map((name, i) => `{ ${keyOf(name)}: ${typeText(type.of[i])} }`).join(' | ');
    case 'converted':
      return typeText(first);
    default:
      return 'number';
  }
}

function comment(text, indent) {
  if (!text) return '';
  const lines = text.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}
