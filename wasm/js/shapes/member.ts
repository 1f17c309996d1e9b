import type { Description } from '../description.js';
import type { Shape } from './shape.js';
import { shapeOf } from './shape.js';

/** How a member stands in XML. */
export type Form = 'element' | 'attribute' | 'content';

/** What is said of a member, besides what it looks like. */
export interface Words {
  readonly required: boolean;
  readonly omitEmpty: boolean;
  readonly form: Form;
  /** The element or attribute in XML, where it is not the name in JSON; `a>b` is an element b within an element a. */
  readonly xmlName: string | undefined;
  /** What it is when it is absent; undefined for an empty one. */
  readonly absent: (() => unknown) | undefined;
}

const nothing: Words = { required: false, omitEmpty: false, form: 'element', xmlName: undefined, absent: undefined };

/** A member of a struct of which something is said. */
export class Member<T> implements Description<T> {
  readonly expected: string;

  constructor(
    readonly shape: Shape<T>,
    readonly words: Words,
  ) {
    this.expected = shape.expected;
  }
  check(value: unknown): T {
    return this.shape.check(value);
  }
  is(value: unknown): value is T {
    return this.shape.is(value);
  }
}

export function memberOf<T>(description: Description<T>): Member<T> {
  return description instanceof Member ? (description as Member<T>) : new Member(shapeOf(description), nothing);
}

/** The same member with more said of it. */
export function say<D extends Description<unknown>>(description: D, more: Partial<Words>): D {
  const member = memberOf(description);
  return new Member(member.shape, { ...member.words, ...more }) as Description<unknown> as D;
}
