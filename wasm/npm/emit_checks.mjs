// The source text of one function of checks.mjs.

import { ScalarEmitter, Unsupported, integers } from './emit_scalars.mjs';
import { identifier, keyOf, quote } from './source.mjs';

/** What a missing member is, of the types for which that is short. */
const emptyValues = {
  string: "''",
  boolean: 'false',
  number: '0',
  float32: '0',
  int64: '0n',
  uint64: '0n',
  list: '[]',
  map: '{}',
};
for (const kind of integers) emptyValues[kind] = '0';

export class Emitter extends ScalarEmitter {
  /** `generate` generates a function that is called. It returns false if that is impossible. */
  constructor(graph, purpose, generate) {
    super(graph, purpose);
    this.generate = generate;
  }

  function(functionName, { name, type, members }) {
    // The depth of a value relative to the parameter `depth`. undefined: it is not counted.
    const depth = this.graph.countsDepth(name) ? 0 : undefined;
    const [lines, out] = type ? this.#value(type, 'v', depth) : this.#struct(members, depth);
    const parameters = [
      'v',
      ...(this.purpose === 'read' ? ['state'] : []),
      ...(depth === undefined ? [] : ['depth = 0']),
    ];
    const body = [...lines, `return ${this.purpose === 'is' ? 'true' : out};`];
    return `export function ${functionName}(${parameters.join(', ')}) {\n${body.map((line) => `  ${line}\n`).join('')}}\n`;
  }

  /** Fails unless a value is an object, and not nested too deeply. */
  #object(x, depth) {
    const checks = [`typeof ${x} !== 'object'`, `${x} === null`, `Array.isArray(${x})`];
    // JSON.parse returns no views.
    if (this.purpose !== 'read') checks.push(`ArrayBuffer.isView(${x})`);
    return [this.failIf(checks.join(' || ')), ...this.#depth(depth)];
  }
  #depth(depth) {
    return depth === undefined ? [] : [this.failIf(`depth > ${255 - depth}`)];
  }

  /**
   * The statements that check a value, and the expression of the result: the value itself if it is not changed. `x` is a
   * variable.
   */
  #value(type, x, depth, asString = false) {
    const { kind, of: [inner] = [] } = type;
    const deeper = depth === undefined ? undefined : depth + 1;
    switch (kind) {
      case 'optional':
        return this.#optional(inner, x, depth, asString);
      case 'converted':
        if (type.format === 'date-time') return [[this.failIf(`typeof ${x} !== 'string' || !isTime(${x})`)], x];
        return this.#oneElement(inner, x, depth, asString);
      case 'list':
        return this.#list(type, x, depth, deeper);
      case 'map':
        return this.#map(inner, x, depth, deeper);
      case 'oneOf':
        return this.#oneOf(type, x, depth, deeper);
      case 'struct':
        return this.#call(type.name, x, depth);
      default:
        return this.scalar(type, x, asString);
    }
  }

  #call(name, x, depth) {
    if (!this.generate(this.purpose, name)) throw new Unsupported();
    const words = [x, ...(this.purpose === 'read' ? ['state'] : [])];
    if (depth !== undefined && this.graph.countsDepth(name)) words.push(depth ? `depth + ${depth}` : 'depth');
    const call = `${this.purpose}$${name}(${words.join(', ')})`;
    if (this.purpose === 'is') return [[this.failIf(`!${call}`)], x];
    const made = this.name();
    return [[`const ${made} = ${call};`, this.failIf(`${made} === undefined`)], made];
  }

  #optional(inner, x, depth, asString) {
    const { purpose } = this;
    const [lines, out] = this.#value(inner, x, depth, asString);
    const isPresent = purpose === 'read' ? `${x} !== undefined && ${x} !== null` : `${x} !== undefined`;
    if (purpose === 'is' || (purpose === 'parse' && out === x)) return [block(`if (${isPresent})`, lines), x];
    const made = this.name();
    return [
      [
        `let ${made}${purpose === 'write' ? ' = null' : ''};`,
        ...block(`if (${isPresent})`, [...lines, `${made} = ${out};`]),
      ],
      made,
    ];
  }

  #oneElement(inner, x, depth, asString) {
    const [lines, out] = this.#value(inner, x, depth, asString);
    const isNeverNull = this.purpose === 'read' && inner.kind !== 'optional';
    return [[...(isNeverNull ? [this.failIf(`${x} === null`)] : []), ...lines], out];
  }

  #list({ of: [inner], count }, x, depth, deeper) {
    const { purpose } = this;
    const [index, element] = [this.name(), this.name()];
    const [lines, out] = this.#value(inner, element, deeper);
    const isSame = out === element;
    // JSON.stringify would call a function of this name. It is not called for members of what this function makes.
    const check = [this.failIf(`!Array.isArray(${x})${purpose === 'write' ? ` || ${x}.toJSON !== undefined` : ''}`)];
    if (count !== undefined) check.push(this.failIf(`${x}.length !== ${count}`));
    check.push(...this.#depth(depth));
    const loop = (more) =>
      block(`for (let ${index} = 0; ${index} < ${x}.length; ++${index})`, [
        `const ${element} = ${x}[${index}];`,
        ...lines,
        ...more,
      ]);
    if (purpose === 'is' || (purpose === 'write' && isSame)) return [[...check, ...loop([])], x];
    const made = this.name();
    if (purpose !== 'read') return [[...check, `const ${made} = [];`, ...loop([`${made}.push(${out});`])], made];
    const read = [...check, ...loop(isSame ? [] : [`${x}[${index}] = ${out};`])];
    if (count !== undefined) return [read, x];
    return [[`let ${made} = ${x};`, `if (${x} === null) ${made} = [];`, ...block('else', read)], made];
  }

  #map(inner, x, depth, deeper) {
    const { purpose } = this;
    const [key, element] = [this.name(), this.name()];
    const [lines, out] = this.#value(inner, element, deeper);
    const check = this.#object(x, depth);
    const loop = (keys, first, last) =>
      block(`for (const ${key} of ${keys})`, [...first, `const ${element} = ${x}[${key}];`, ...lines, ...last]);
    if (purpose === 'is') return [[...check, ...loop(`Object.keys(${x})`, [], [])], x];
    const made = this.name();
    if (purpose === 'read') {
      const store = out === element ? [] : [`${x}[${key}] = ${out};`];
      const read = [...check, ...loop(`Object.keys(${x})`, [], store)];
      return [[`let ${made} = ${x};`, `if (${x} === null) ${made} = {};`, ...block('else', read)], made];
    }
    // Such keys are not in the order of their texts, or cannot be assigned.
    const rare = purpose === 'write' ? `/^\\d|^__proto__$|[\\ud800-\\udfff]/.test(${key})` : `${key} === '__proto__'`;
    const keys = `Object.keys(${x})${purpose === 'write' ? '.sort()' : ''}`;
    return [[...check, `const ${made} = {};`, ...loop(keys, [this.failIf(rare)], [`${made}[${key}] = ${out};`])], made];
  }

  #oneOf({ names, of }, x, depth, deeper) {
    if (names.includes('__proto__')) throw new Unsupported();
    const [keys, made] = [this.name(), this.name()];
    const cases = names.flatMap((name, i) => {
      const element = this.name();
      const [lines, out] = this.#value(of[i], element, deeper);
      const store = this.purpose === 'is' ? [] : [`${made} = { ${keyOf(name)}: ${out} };`];
      return block(`case ${quote(name)}:`, [`const ${element} = ${member(x, name)};`, ...lines, ...store, 'break;']);
    });
    const lines = [
      ...this.#object(x, depth),
      `const ${keys} = Object.keys(${x});`,
      this.failIf(`${keys}.length !== 1`),
      ...(this.purpose === 'is' ? [] : [`let ${made};`]),
      ...block(`switch (${keys}[0])`, [...cases, 'default:', `  ${this.fail}`]),
    ];
    return [lines, this.purpose === 'is' ? x : made];
  }

  #struct(members, depth) {
    const { purpose } = this;
    const lines = this.#object('v', depth);
    const deeper = depth === undefined ? undefined : depth + 1;
    if (purpose === 'read') lines.push('let others = 0;', 'for (const _ in v) ++others;');
    const parts = members.map((each) => {
      if (each.name === '__proto__') throw new Unsupported();
      // JSON.stringify writes such names first.
      if (purpose === 'write' && /^\d/.test(each.name)) throw new Unsupported();
      const [code, out] = purpose === 'read' ? this.#readMember(each, deeper) : this.#member(each, deeper);
      lines.push(...code);
      return { name: each.name, out, mayBeAbsent: mayBeAbsent(each.type) };
    });
    if (purpose === 'is') return [lines, 'v'];
    if (purpose === 'read') lines.push('if (others !== 0) state.others = true;');
    const first = purpose === 'write' ? -1 : parts.findIndex((part) => part.mayBeAbsent);
    const literal = (of) => `{ ${of.map(({ name, out }) => `${keyOf(name)}: ${out}`).join(', ')} }`;
    if (first < 0) return [lines, parts.length ? literal(parts) : '{}'];
    lines.push(`const made = ${literal(parts.slice(0, first))};`);
    for (const { name, out, mayBeAbsent } of parts.slice(first))
      lines.push(`${mayBeAbsent ? `if (${out} !== undefined) ` : ''}${member('made', name)} = ${out};`);
    return [lines, 'made'];
  }

  #member({ name, type, as_string, omit_empty }, depth) {
    const x = this.name();
    const [lines, out] = this.#value(type, x, depth, as_string);
    const code = [`const ${x} = ${ownMember('v', name)};`, ...lines];
    const empty = this.purpose === 'write' && omit_empty ? this.isEmpty(type, x) : undefined;
    return [code, empty ? `${empty} ? undefined : ${out}` : out];
  }

  #readMember({ name, type, as_string, required, default_value }, depth) {
    const x = this.name();
    const [lines, out] = this.#value(type, x, depth, as_string);
    const from = `${ownMember('v', name)};`;
    const missing = required ? undefined : this.#missing(type, default_value);
    if (missing === undefined)
      return [[`const ${x} = ${from}`, this.failIf(`${x} === undefined`), '--others;', ...lines], out];
    const made = this.name();
    const present = ['--others;', ...lines, `${made} = ${out};`];
    return [[`const ${x} = ${from}`, `let ${made} = ${missing};`, ...block(`if (${x} !== undefined)`, present)], made];
  }

  /** The source text of the value of a missing member. undefined: the description knows it. */
  #missing(type, defaultValue) {
    const { kind, count } = type;
    if (defaultValue) {
      const simple = { string: /^"/, boolean: /^(true|false)$/, number: /^-?\d/, int32: /^-?\d/ }[kind];
      if (!simple?.test(defaultValue)) return undefined;
      return kind === 'string' ? quote(JSON.parse(defaultValue)) : defaultValue;
    }
    if (kind === 'enum') return quote(this.enumerators(type)[0]);
    if (mayBeAbsent(type)) return 'undefined';
    return count === undefined ? emptyValues[kind] : undefined;
  }
}

function mayBeAbsent({ kind, format, of: [inner] = [] }) {
  return kind === 'optional' || (kind === 'converted' && format !== 'date-time' && mayBeAbsent(inner));
}

function block(head, lines) {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];
}

function member(x, name) {
  return identifier.test(name) ? `${x}.${name}` : `${x}[${quote(name)}]`;
}

/** A property of Object.prototype, such as `constructor`, is no member. */
function ownMember(x, name) {
  const value = member(x, name);
  return name in Object.prototype ? `${value} === ${member('Object.prototype', name)} ? undefined : ${value}` : value;
}
