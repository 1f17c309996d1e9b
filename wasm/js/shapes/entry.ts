import type { Description } from '../description.js';
import { quote } from './document.js';
import { memberOf, type Words } from './member.js';
import { Mismatch, outside, quoted } from './mismatch.js';
import type { Shape } from './shape.js';

/** A member of a struct, ready for use. */
export interface Entry {
  /** Its name in JSON and in JavaScript. */
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly words: Words;
  /** What every object has under the name, such as `constructor`; that is no member. */
  readonly inherited: unknown;
  /** `"name":` */
  readonly prefix: string;
}

export function entryOf(name: string, description: Description<unknown>): Entry {
  const { shape, words } = memberOf(description);
  const inherited = (Object.prototype as unknown as Record<string, unknown>)[name];
  return { name, shape, words, inherited, prefix: `${quote(name)}:` };
}

/** A member of a value, if there is one. */
export function own(value: object, { name, inherited }: Entry): unknown {
  const member: unknown = (value as Record<string, unknown>)[name];
  return member === inherited ? undefined : member;
}

/** What a member is that a document does not have. */
export function absent({ shape, words }: Entry): unknown {
  return words.absent ? words.absent() : shape.empty();
}

export function missing({ name }: Entry): Mismatch {
  return new Mismatch(`the member ${quoted(name)} is missing`);
}

/** Visits the members of a value, in the described order; an error gets the name of the member in front. */
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
