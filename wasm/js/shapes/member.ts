import type { Description } from '../description-types.js';
import type { Shape } from './shape.js';
import { shapeOf } from './shape.js';

/** The form of a member in XML. */
export type Form = 'element' | 'attribute' | 'content';

/** Attributes of a member, in addition to its shape. */
export interface MemberOptions {
  readonly required: boolean;
  readonly omitEmpty: boolean;
  readonly form: Form;
  /** Name in XML, if it differs from the name in JSON. `a>b` is an element b within an element a. */
  readonly xmlName: string | undefined;
  /** Creates the default value. undefined: the empty value of the shape. */
  readonly defaultValue: (() => unknown) | undefined;
}

const noOptions: MemberOptions = {
  required: false,
  omitEmpty: false,
  form: 'element',
  xmlName: undefined,
  defaultValue: undefined,
};

/** A description of a member: a shape with attributes. */
export class Member<T> implements Description<T> {
  readonly expected: string;

  constructor(
    readonly shape: Shape<T>,
    readonly options: MemberOptions,
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
  return description instanceof Member ? (description as Member<T>) : new Member(shapeOf(description), noOptions);
}

/** Returns the member with further attributes. */
export function withOptions<D extends Description<unknown>>(description: D, more: Partial<MemberOptions>): D {
  const member = memberOf(description);
  return new Member(member.shape, { ...member.options, ...more }) as Description<unknown> as D;
}
