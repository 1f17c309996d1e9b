import type { Description } from '../description.js';
import { quote } from './document.js';
import { memberOf, type Words } from './member.js';
import { Mismatch, outside, quoted } from './mismatch.js';
import type { Shape } from './shape.js';

/** A member of a struct, with precomputed values. */
export interface Entry {
  /** Its name in JSON and in JavaScript. */
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly words: Words;
  /** Property of Object.prototype with this name, such as `constructor`. It does not count as a member. */
  readonly inherited: unknown;
  /** `"name":` */
  readonly prefix: string;
}

export function entryOf(name: string, description: Description<unknown>): Entry {
  const { shape, words } = memberOf(description);
  const inherited = (Object.prototype as unknown as Record<string, unknown>)[name];
  return { name, shape, words, inherited, prefix: `${quote(name)}:` };
}

/** The value of a member, or undefined. */
export function own(value: object, { name, inherited }: Entry): unknown {
  const member: unknown = (value as Record<string, unknown>)[name];
  return member === inherited ? undefined : member;
}

/** The value of a member that is missing in the document. */
export function absent({ shape, words }: Entry): unknown {
  return words.absent ? words.absent() : shape.empty();
}

export function missing({ name }: Entry): Mismatch {
  return new Mismatch(`the member ${quoted(name)} is missing`);
}

/** Visits the members of a value in the described order. Prepends the name of the member to the path of an error. */
export function eachIn(entries: readonly Entry[], value: object, visit: (entry: Entry, part: unknown) => void): void {
  let at = '';
  try {
    for (const entry of entries) {
      at = entry.name;
      visit(entry, own(value, entry));
    }
  } catch (error) {
    throw outside(error, at);
  }
}
