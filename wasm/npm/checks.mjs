// Generates checks.js: what a description checks, as straight-line code. For each type four functions, which `Checks` in
// js/shapes/shape.ts declares:
//
// - is: true if a value matches;
// - parse: a copy of a value that matches, otherwise undefined;
// - read: the value for the result of JSON.parse, or undefined;
// - write: the data for JSON.stringify, or undefined.
//
// A function that returns undefined leaves the value to the description, which also makes the errors. So a function may refuse
// what is rare, but must never accept what the description refuses. It is left out if its type has something that is not supported.

import { Emitter } from './emit_checks.mjs';
import { Unsupported } from './emit_scalars.mjs';
import { quote } from './source.mjs';

const purposes = ['is', 'parse', 'read', 'write'];
const helpers = ['fromBase64', 'isIntegerText', 'isJsonNumber', 'isTime', 'shortestFloat', 'toBase64'];
const maxDepth = 256;

/**
 * Generates the module. Returns its source text, and the names of the functions of each type by their purpose: undefined for a
 * type without checks. `helpersPath` is the path of the module of helpers.
 */
export function generateChecks(types, helpersPath) {
  const graph = new TypeGraph(types);
  /** The source text of each function. null: it cannot be generated. */
  const made = new Map();

  /** Generates a function and those that it calls. Returns false if one of them cannot be generated. */
  function generate(purpose, name) {
    const key = `${purpose}$${name}`;
    if (made.has(key)) return made.get(key) !== null;
    const before = new Set(made.keys());
    made.set(key, ''); // A recursive type calls itself.
    try {
      if (graph.height(name) > maxDepth) throw new Unsupported();
      made.set(key, new Emitter(graph, purpose, generate).function(key, graph.byName.get(name)));
      return true;
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      // Those that were generated meanwhile may call this one.
      for (const other of made.keys()) if (!before.has(other)) made.delete(other);
      made.set(key, null);
      return false;
    }
  }

  const functions = types.map(({ name, enumerators, type }) => {
    if (enumerators.length > 0 || (type && !['list', 'map', 'oneOf'].includes(type.kind))) return undefined;
    const found = purposes.filter((purpose) => generate(purpose, name));
    if (!found.includes('is') || !found.includes('parse')) return undefined;
    return Object.fromEntries(found.map((purpose) => [purpose, `${purpose}$${name}`]));
  });
  const code = [...made.values()].filter(Boolean).join('\n');
  const used = helpers.filter((helper) => code.includes(`${helper}(`));
  const imports = used.length ? `import { ${used.join(', ')} } from ${quote(helpersPath)};\n\n` : '';
  return { code: imports + code, functions };
}

/** Which types contain which. */
class TypeGraph {
  #reached = new Map();
  #heights = new Map();

  constructor(types) {
    this.byName = new Map(types.map((type) => [type.name, type]));
  }

  /** True if a value of the type may be nested without a limit, or may be within such a value. Then its functions count the depth. */
  countsDepth(name) {
    const isUnlimited = (each) => [each, ...this.#reach(each)].some((inner) => this.#reach(inner).has(inner));
    return [...this.byName.keys()].some((each) => isUnlimited(each) && (each === name || this.#reach(each).has(name)));
  }

  /** The number of arrays and objects within each other, as far as it is known: 0 for a type that counts the depth. */
  height(name) {
    if (!this.#heights.has(name))
      this.#heights.set(name, this.countsDepth(name) ? 0 : this.#heightOf(this.#uses(name)));
    return this.#heights.get(name);
  }
  #heightOf(uses) {
    const heights = uses.map(({ kind, name, of = [] }) => {
      if (kind === 'struct') return this.height(name);
      return this.#heightOf(of) + (['list', 'map', 'oneOf'].includes(kind) ? 1 : 0);
    });
    return Math.max(0, ...heights) + (uses.isStruct ? 1 : 0);
  }

  /** The types of the members of a struct, or the type of an alias. */
  #uses(name) {
    const { type, members } = this.byName.get(name);
    return type
      ? [type]
      : Object.assign(
          members.map((member) => member.type),
          { isStruct: true },
        );
  }

  /** The structs that a value of the type can contain. */
  #reach(name) {
    const known = this.#reached.get(name);
    if (known) return known;
    const reached = new Set();
    const visit = ({ kind, name: inner, of = [] }) => {
      if (kind === 'struct' && !reached.has(inner)) {
        reached.add(inner);
        this.#uses(inner).forEach(visit);
      }
      of.forEach(visit);
    };
    this.#uses(name).forEach(visit);
    this.#reached.set(name, reached);
    return reached;
  }
}
