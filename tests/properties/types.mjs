// Draws struct types from everything that can be described. They are plain data here; write_cpp.mjs and write_go.mjs
// write the source code.
//
// The property `goFormats` of a type names the formats in which it is compared with Go: JSON and XML ("both"); JSON only
// ("json"), because Go has no maps, arrays and lists of lists in XML; or none ("ours"), because Go has no such type.

import {
  choices,
  enumeratorNames,
  int,
  integers,
  isNumberOrBool,
  oddNames,
  oddestNames,
  parents,
  plainNames,
  single,
  singles,
} from './choices.mjs';
import { Random } from './random.mjs';

const allGoFormats = ['both', 'json', 'ours'];
const structsOf = { both: 5, json: 4, ours: 5 };

class TypeGenerator {
  enumerations = [];
  structs = [];
  variants = [];

  constructor(seed) {
    this.random = new Random(seed);
    this.choicesInTurn = {
      both: this.random.inTurn(choices.both),
      json: this.random.inTurn(choices.json),
      ours: this.random.inTurn(choices.ours),
    };
    this.usedNames = new Set();
    this.members = 0;
    for (let i = 0; i < 3; ++i) this.enumerations.push(this.drawEnumeration(i));
    const others = this.random.shuffled(allGoFormats.flatMap((goFormats) => Array(structsOf[goFormats]).fill(goFormats)));
    // The first one is compared in both formats, so that all others can use it.
    for (const [index, goFormats] of ['both', ...others].entries()) this.structs.push(this.drawStruct(index, goFormats));
    this.goFormats = 'ours';
    this.choice = this.variant();
  }

  single() {
    return this.random.pick(singles);
  }
  /** Go treats a list of uint8 as bytes. */
  listed() {
    return this.random.pick(singles.filter((type) => type.kind !== 'int' || type.bits !== 8 || type.signed));
  }
  enumeration() {
    return { kind: 'enum', of: this.random.pick(this.enumerations) };
  }
  /** An existing struct of limited depth that is compared in at least the formats of the one that is being drawn. */
  struct() {
    const fit = this.structs.filter(
      ({ goFormats, height }) => allGoFormats.indexOf(goFormats) <= allGoFormats.indexOf(this.goFormats) && height < 3,
    );
    return fit.length ? { kind: 'struct', of: this.random.pick(fit) } : this.single();
  }
  variant() {
    const alternatives = this.random.shuffled([
      int(32, true),
      { kind: 'string' },
      { kind: 'bool' },
      { kind: 'double' },
      int(8, false),
    ]);
    alternatives.length = this.random.below(3);
    alternatives.push(this.enumeration());
    for (let i = 0; i < 2; ++i) {
      const made = this.struct();
      if (made.kind === 'struct' && !alternatives.some(({ of }) => of === made.of)) alternatives.unshift(made);
    }
    return { kind: 'variant', alternatives: this.random.shuffled(alternatives) };
  }

  drawEnumeration(index) {
    const { random } = this;
    const underlying = random.pick(integers);
    const least = underlying.signed ? -(2n ** BigInt(underlying.bits - 1)) : 0n;
    const most = 2n ** BigInt(underlying.bits - (underlying.signed ? 1 : 0)) - 1n;
    const values = new Set([0n, 1n, least, most, BigInt(random.below(100))]);
    const names = random.shuffled(enumeratorNames);
    const enumerators = random.shuffled([...values]).slice(0, 2 + random.below(4));
    // The default value must have a name too.
    if (!enumerators.includes(0n)) enumerators[0] = 0n;
    return {
      cpp: `e${index}`,
      go: `E${index}`,
      underlying,
      enumerators: enumerators.map((value, i) => ({
        cpp: `v${i}`,
        value,
        name: random.chance(0.7) ? names[i] : `v${i}`,
      })),
    };
  }

  /** A name that is unique even without regard to case. */
  name(list) {
    const wanted = this.random.pick(list);
    for (let i = 0; ; ++i) {
      const name = i ? wanted + i : wanted;
      const folded = name.toLowerCase();
      if (this.usedNames.has(folded)) continue;
      this.usedNames.add(folded);
      return name;
    }
  }

  drawStruct(index, goFormats) {
    const { random } = this;
    this.goFormats = goFormats;
    const made = {
      cpp: `t${index}`,
      wire: `T${index}${random.pick(['', 'Person', '_x'])}`,
      go: `T${index}`,
      goFormats,
      bases: [],
      members: [],
    };
    const bases = this.structs.filter(
      (base) => allGoFormats.indexOf(base.goFormats) <= allGoFormats.indexOf(goFormats) && !base.bases.length,
    );
    if (bases.length && random.chance(0.3)) made.bases = [random.pick(bases)];
    let hasContent = made.bases.some((base) => base.members.some(({ words }) => words.content));

    const count = 5 + random.below(5);
    for (let i = 0; i < count; ++i) {
      const from =
        goFormats === 'both' || random.chance(0.25) ? 'both' : goFormats === 'json' || random.chance(0.2) ? 'json' : 'ours';
      const drawnChoice = this.choicesInTurn[from].next().value;
      const type = typeof drawnChoice === 'function' ? drawnChoice(this) : drawnChoice;
      const member = this.drawMember(type, goFormats, hasContent);
      hasContent ||= !!member.words.content;
      made.members.push(member);
    }
    made.height =
      1 + Math.max(0, ...made.bases.map(({ height }) => height - 1), ...made.members.map(({ type }) => heightOf(type)));
    return made;
  }

  drawMember(type, goFormats, hasContent) {
    const { random } = this;
    const cpp = `m${this.members++}`;
    const words = {};
    if (random.chance(0.75))
      words.name = this.name(
        random.chance(0.7) ? plainNames : random.chance(0.5) || goFormats !== 'ours' ? oddNames : oddestNames,
      );
    const isXmlName =
      !words.name || plainNames.includes(words.name.replace(/\d+$/, '')) || plainNames.includes(words.name);

    if (single(type) && random.chance(0.15)) words.attribute = true;
    // Without text, an empty optional cannot be distinguished from one with an empty string.
    else if (single(type) && type.kind !== 'optional' && !hasContent && random.chance(0.15)) words.content = true;
    if (words.attribute ? !isXmlName : !words.content && (!isXmlName || random.chance(0.25))) {
      const path = words.attribute || random.chance(0.3) ? '' : random.pick(parents);
      words.xmlName = path + (isXmlName && path ? (words.name ?? cpp) : this.name(plainNames));
    }
    if (random.chance(0.3)) words.omitEmpty = true;
    if (random.chance(0.1)) words.required = true;
    if (isNumberOrBool(type) && random.chance(0.3)) words.asString = true;
    if (random.chance(0.1)) words.doc = random.pick(['One line.', 'With "quotes" and */ and \\ in it.', 'h\u00e9']);
    // A required member that is left out is not decoded again, and -0 is left out only by JSON.
    if (words.required || (words.content && ['float', 'double'].includes(single(type).kind))) delete words.omitEmpty;
    // Go also leaves out empty elements of such a list, and so loses them.
    if (goFormats === 'both' && type.kind === 'list' && single(type.element)) delete words.omitEmpty;
    // Go panics on an attribute that is such a pointer without a value.
    if (goFormats === 'both' && type.kind === 'optional' && ['time', 'enum'].includes(type.inner.kind)) delete words.attribute;
    const member = { cpp, go: cpp.toUpperCase(), type, words };
    // Go has no defaults. A member that is left out when it is empty decodes to its default.
    if (
      goFormats === 'ours' &&
      !words.omitEmpty &&
      ['int', 'double', 'string', 'bool'].includes(type.kind) &&
      random.chance(0.5)
    )
      member.initial = { int: '42', double: '0.1', string: '"new\\n"', bool: 'true' }[type.kind];
    return member;
  }
}

function heightOf(type) {
  if (type.kind === 'struct') return type.of.height;
  if (type.kind === 'variant') return Math.max(...type.alternatives.map(heightOf));
  const inner = type.inner ?? type.element ?? type.value;
  return inner ? heightOf(inner) : 0;
}

/** Whether the type contains a std::unique_ptr. */
export function isMoveOnly(type) {
  if (type.holder === 'unique_ptr') return true;
  if (type.kind === 'struct')
    return [...type.of.bases, ...type.of.members].some((part) => isMoveOnly(part.type ?? { kind: 'struct', of: part }));
  return [type.inner, type.element, type.value, ...(type.alternatives ?? [])].some((part) => part && isMoveOnly(part));
}

/** The types for a seed. */
export function drawTypes(seed) {
  const { enumerations, structs, choice } = new TypeGenerator(seed);
  const cpp = `t${structs.length}`;
  // The last one is not a struct but a variant.
  return { seed, enumerations, structs, choice: { cpp, wire: cpp, goFormats: 'ours', type: choice } };
}
