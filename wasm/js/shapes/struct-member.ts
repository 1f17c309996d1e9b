import type { Description } from '../description-types.js';
import { quote } from './document.js';
import { memberOf, type MemberOptions } from './member.js';
import { Mismatch, withPathStep, quoted } from './mismatch.js';
import type { Shape } from './shape.js';

/** A member of a struct, with precomputed values. */
export interface StructMember {
  /** Its name in JSON and in JavaScript. */
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly options: MemberOptions;
  /** Property of Object.prototype with this name, such as `constructor`. It does not count as a member. */
  readonly inherited: unknown;
  /** `"name":` */
  readonly prefix: string;
}

export function structMember(name: string, description: Description<unknown>): StructMember {
  const { shape, options } = memberOf(description);
  const inherited = (Object.prototype as unknown as Record<string, unknown>)[name];
  return { name, shape, options, inherited, prefix: `${quote(name)}:` };
}

/** The value of a member, or undefined. */
export function memberValue(value: object, { name, inherited }: StructMember): unknown {
  const member: unknown = (value as Record<string, unknown>)[name];
  return member === inherited ? undefined : member;
}

/** The value of a member that is missing in the document. */
export function defaultValue({ shape, options }: StructMember): unknown {
  return options.defaultValue ? options.defaultValue() : shape.empty();
}

export function missing({ name }: StructMember): Mismatch {
  return new Mismatch(`the member ${quoted(name)} is missing`);
}

/** Visits the members of a value in the described order. Prepends the name of the member to the path of an error. */
export function forEachMember(
  entries: readonly StructMember[],
  value: object,
  visit: (entry: StructMember, part: unknown) => void,
): void {
  let at = '';
  try {
    for (const entry of entries) {
      at = entry.name;
      visit(entry, memberValue(value, entry));
    }
  } catch (error) {
    throw withPathStep(error, at);
  }
}
