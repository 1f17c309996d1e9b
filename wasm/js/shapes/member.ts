import type { Description } from '../description.js';
import type { Shape } from './shape.js';
import { shapeOf } from './shape.js';

/** The form of a member in XML. */
export type Form = 'element' | 'attribute' | 'content';

/** Attributes of a member, in addition to its shape. */
export interface Words {
  readonly required: boolean;
  readonly omitEmpty: boolean;
  readonly form: Form;
  /** Name in XML, if it differs from the name in JSON. `a>b` is an element b within an element a. */
  readonly xmlName: string | undefined;
  /** Creates the default value. undefined: the empty value of the shape. */
  readonly absent: (() => unknown) | undefined;
}

const nothing: Words = { required: false, omitEmpty: false, form: 'element', xmlName: undefined, absent: undefined };

/** A description of a member: a shape with attributes. */
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

/** Returns the member with further attributes. */
export function say<D extends Description<unknown>>(description: D, more: Partial<Words>): D {
  const member = memberOf(description);
  return new Member(member.shape, { ...member.words, ...more }) as Description<unknown> as D;
}
