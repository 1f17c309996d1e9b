import type { Description } from '../description-types.js';
import { memberOf } from './member.js';
import { Mismatch, withPathStep, quoted } from './mismatch.js';
import type { StructMember } from './shape.js';
import { quote } from './text.js';

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
