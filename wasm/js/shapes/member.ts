import type { Description } from '../description-types.js';
import type { StandardProperties } from '../standard-schema.js';
import { type MemberOptions, type Shape, shapeOf } from './shape.js';

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
  parse(value: unknown): T {
    return this.shape.parse(value);
  }
  get '~standard'(): StandardProperties<T> {
    return this.shape['~standard'];
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
