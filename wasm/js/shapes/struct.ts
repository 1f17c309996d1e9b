import { maxDepth } from '../abi.js';
import type { Description } from '../description-types.js';
import { isObject } from './map.js';
import { type Mismatch, tooDeep } from './mismatch.js';
import { type Reader, Shape, type StructMember, type StructShape, type Writer, type XmlNames } from './shape.js';
import { defaultValue, structMember, memberValue } from './struct-member.js';
import { xmlNames } from './xml-names.js';

export class Struct<T> extends Shape<T> implements StructShape {
  readonly members: readonly StructMember[];
  readonly xml: XmlNames;

  constructor(
    readonly name: string,
    members: Readonly<Record<string, Description<unknown>>>,
    order: readonly string[] = Object.keys(members),
  ) {
    super('an object');
    this.members = order.map((key) => structMember(key, members[key] as Description<unknown>));
    this.xml = xmlNames(this.members);
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (const member of this.members) {
      const mismatch = member.shape.find(memberValue(value, member), depth + 1);
      if (mismatch) return mismatch.prependStep(member.name);
    }
    return undefined;
  }
  override copy(value: unknown): unknown {
    const made: Record<string, unknown> = {};
    for (const member of this.members) {
      const part = memberValue(value as object, member);
      if (part !== undefined) made[member.name] = member.shape.copy(part);
    }
    return made;
  }
  override empty(): unknown {
    const value: Record<string, unknown> = {};
    for (const member of this.members) {
      const part = defaultValue(member);
      if (part !== undefined) value[member.name] = part;
    }
    return value;
  }

  override write(value: unknown, to: Writer): void {
    to.struct(this, value as object);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.struct(this, part);
  }
}
