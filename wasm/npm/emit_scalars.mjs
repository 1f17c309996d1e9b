// The source text of checks of single values.

import { quote } from './source.mjs';

/** Thrown for a type that a function cannot support. */
export class Unsupported extends Error {}

const ranges = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  int32: undefined,
  uint8: [0, 0xff],
  uint16: [0, 0xffff],
  uint32: undefined,
};
const bigRanges = { int64: ['-0x8000000000000000n', '0x7fffffffffffffffn'], uint64: ['0n', '0xffffffffffffffffn'] };
const exactRanges = { int64: ['-0x1fffffffffffffn', '0x1fffffffffffffn'], uint64: ['0n', '0x1fffffffffffffn'] };
/** The kinds of integers that are numbers. */
export const integers = Object.keys(ranges);

/**
 * What a function consists of. A method for a value returns its statements, and the expression of the result: the value itself if
 * it is not changed. `x` is a variable.
 */
export class ScalarEmitter {
  #count = 0;

  constructor(graph, purpose) {
    this.graph = graph;
    this.purpose = purpose;
    this.fail = purpose === 'is' ? 'return false;' : 'return undefined;';
  }

  /** A new variable. */
  name() {
    return `v${++this.#count}`;
  }

  failIf(condition) {
    return `if (${condition}) ${this.fail}`;
  }

  scalar(type, x, asString) {
    const { purpose } = this;
    const { kind, count } = type;
    if (asString && purpose === 'read') return this.inString(type, x);
    const text = (out) => (asString && purpose === 'write' ? `String(${out})` : out);
    if (kind === 'string' || kind === 'boolean') return [[this.failIf(`typeof ${x} !== '${kind}'`)], text(x)];
    if (kind === 'enum')
      return [
        [
          this.failIf(
            this.enumerators(type)
              .map((each) => `${x} !== ${quote(each)}`)
              .join(' && '),
          ),
        ],
        x,
      ];
    if (kind === 'bytes') return this.bytes(count, x);
    if (kind === 'number') {
      const checks = [`typeof ${x} !== 'number'`];
      if (purpose === 'read' || purpose === 'write') checks.push(`${x} - ${x} !== 0`);
      if (purpose === 'write') checks.push(`(${x} === 0 && 1 / ${x} < 0)`);
      return [[this.failIf(checks.join(' || '))], text(x)];
    }
    if (kind === 'float32') return this.float(x, text);
    if (kind in ranges) {
      const [low, high] = ranges[kind] ?? [];
      const checks = [`typeof ${x} !== 'number'`, `(${x} ${kind === 'uint32' ? '>>>' : '|'} 0) !== ${x}`];
      if (low !== undefined) checks.push(`${x} < ${low}`, `${x} > ${high}`);
      // No negative zero.
      return [[this.failIf(checks.join(' || '))], purpose === 'read' ? `${x} || 0` : text(x)];
    }
    if (kind in bigRanges) {
      if (purpose === 'read') {
        const checks = [`!Number.isSafeInteger(${x})`, ...(kind === 'uint64' ? [`${x} < 0`] : [])];
        return [[this.failIf(checks.join(' || '))], `BigInt(${x})`];
      }
      const isNumber = purpose === 'write' && !asString;
      const [low, high] = (isNumber ? exactRanges : bigRanges)[kind];
      return [
        [this.failIf(`typeof ${x} !== 'bigint' || ${x} < ${low} || ${x} > ${high}`)],
        isNumber ? `Number(${x})` : text(x),
      ];
    }
    throw new Unsupported();
  }

  /** Reads a number or a boolean that is a string in JSON. */
  inString(type, x) {
    const { kind } = type;
    if (kind === 'boolean') return [[this.failIf(`${x} !== 'true' && ${x} !== 'false'`)], `${x} === 'true'`];
    const made = this.name();
    const isInteger = kind !== 'number' && kind !== 'float32';
    const isNoNumber = `typeof ${x} !== 'string' || !isJsonNumber(${x})${isInteger ? ` || !isIntegerText(${x})` : ''}`;
    const parsed = [this.failIf(isNoNumber), `const ${made} = ${kind in bigRanges ? 'BigInt' : 'Number'}(${x});`];
    if (kind in bigRanges) {
      const [low, high] = bigRanges[kind];
      return [[...parsed, this.failIf(`${made} < ${low} || ${made} > ${high}`)], made];
    }
    const [lines, out] = this.scalar(type, made, false);
    return [[...parsed, ...lines], out];
  }

  float(x, text) {
    const isNoFloat = `Math.fround(${x}) - Math.fround(${x}) !== 0`;
    const isNumber = `typeof ${x} !== 'number'`;
    if (this.purpose === 'is' || this.purpose === 'parse')
      return [[this.failIf(`${isNumber} || (${x} - ${x} === 0 && ${isNoFloat})`)], x];
    const made = this.name();
    const lines = [this.failIf(`${isNumber} || ${isNoFloat}`), `const ${made} = shortestFloat(${x});`];
    if (this.purpose === 'write') lines.push(this.failIf(`${made} === 0 && 1 / ${made} < 0`));
    return [lines, text(made)];
  }

  bytes(count, x) {
    const isWrong = (of) => (count === undefined ? [] : [`${of}.length !== ${count}`]);
    if (this.purpose !== 'read') {
      const lines = [this.failIf([`!(${x} instanceof Uint8Array)`, ...isWrong(x)].join(' || '))];
      return [lines, this.purpose === 'write' ? `toBase64(${x})` : x];
    }
    const made = this.name();
    const lines = [
      this.failIf(`typeof ${x} !== 'string'`),
      `const ${made} = fromBase64(${x});`,
      this.failIf([`${made} === undefined`, ...isWrong(made)].join(' || ')),
    ];
    return [lines, made];
  }

  /** A condition that is true for values that `omitEmpty` omits. undefined: there are none. */
  isEmpty(type, x) {
    const { kind, of: [inner] = [] } = type;
    switch (kind) {
      case 'string':
        return `${x} === ''`;
      case 'boolean':
        return `${x} === false`;
      case 'int64':
      case 'uint64':
        return `${x} === 0n`;
      case 'float32':
        return `Math.fround(${x}) === 0`;
      case 'bytes':
      case 'list':
        return `${x}.length === 0`;
      case 'map':
        return `Object.keys(${x}).length === 0`;
      case 'enum': {
        const zero = this.graph.byName.get(type.name).enumerators.find((each) => each.zero);
        return zero && `${x} === ${quote(zero.name)}`;
      }
      case 'optional':
        return `${x} === undefined`;
      case 'converted':
        return type.format === 'date-time' ? undefined : this.isEmpty(inner, x);
      case 'struct':
      case 'oneOf':
        return undefined;
      default:
        return `${x} === 0`;
    }
  }

  /** The names of an enum, the default first. */
  enumerators({ name }) {
    return [...this.graph.byName.get(name).enumerators].sort((a, b) => b.zero - a.zero).map((each) => each.name);
  }
}
