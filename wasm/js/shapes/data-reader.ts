import { isObject, inside, setProperty } from './map.js';
import { Mismatch, quoted, withPathStep } from './mismatch.js';
import { within } from './one-of.js';
import type {
  ListShape,
  MapShape,
  OneOfShape,
  Reader,
  ScalarShape,
  Shape,
  StructMember,
  StructShape,
} from './shape.js';
import { defaultValue, memberValue, missing } from './struct-member.js';
import { refuseUnpairedSurrogates } from './text.js';

/**
 * Reads plain data, such as what JSON.parse returns: objects, arrays, strings, booleans, null, numbers, bigints (for integers
 * above 2^53 - 1) and, from binary formats, Uint8Arrays. May modify the data and use it in the result.
 */
export class DataReader implements Reader<unknown> {
  /** `isBinary`: bytes are not base64, numbers are never strings, and NaN and infinities are allowed. */
  constructor(
    private readonly isBinary: boolean,
    private readonly disallowUnknown: boolean,
  ) {}

  scalar(shape: ScalarShape, value: unknown): unknown {
    return shape.fromData(value, this.isBinary);
  }
  optional(inner: Shape<unknown>, value: unknown): unknown {
    return value === null ? undefined : inner.read(value, this);
  }
  list(shape: ListShape, value: unknown): unknown[] {
    // Go writes null for a nil slice.
    if (value === null && shape.canBeAbsent) return [];
    if (!Array.isArray(value)) throw shape.mismatch(value);
    const { element } = shape;
    let i = 0;
    try {
      for (; i < value.length; ++i) value[i] = element.read(value[i], this);
    } catch (error) {
      throw withPathStep(error, `[${i}]`, i);
    }
    const mismatch = shape.findCount(value.length);
    if (mismatch) throw mismatch;
    return value;
  }
  map(shape: MapShape, value: unknown): Record<string, unknown> {
    // Go writes null for a nil map.
    if (value === null) return {};
    if (!isObject(value)) throw shape.mismatch(value);
    const made: Record<string, unknown> = {};
    for (const [key, element] of Object.entries(value)) {
      refuseUnpairedSurrogates(key);
      const part = inside(key, () => shape.element.read(element as unknown, this));
      setProperty(made, key, part);
    }
    return made;
  }
  oneOf(shape: OneOfShape, value: unknown): unknown {
    if (!isObject(value)) throw shape.mismatch(value);
    const selected = shape.select(value);
    if (selected instanceof Mismatch) throw selected;
    const { name, type } = selected;
    return within(name, () => ({ [name]: type.read(selected.value, this) }));
  }
  /** Reads in place: the value comes from a parser and is not shared. */
  struct(shape: StructShape, value: unknown): unknown {
    if (!isObject(value)) throw shape.mismatch(value);
    const made = value as Record<string, unknown>;
    let others = 0;
    for (const _ in made) ++others;
    let hasNone = false;
    let lacking: StructMember | undefined;
    let at = '';
    try {
      for (const member of shape.members) {
        at = member.name;
        const from = memberValue(made, member);
        if (from !== undefined) --others;
        else if (member.options.required) lacking ??= member;
        const part = from === undefined ? defaultValue(member) : member.shape.read(from, this);
        // Not `===`: an integer may be read as -0, and becomes 0.
        if (Object.is(part, from)) continue;
        made[at] = part;
        if (part === undefined) hasNone = true;
      }
    } catch (error) {
      throw withPathStep(error, at);
    }
    if (others > 0 && this.disallowUnknown) throw unknownMember(shape, made);
    // A mismatch takes precedence over a missing member.
    if (lacking) throw missing(lacking);
    return others > 0 || hasNone ? described(shape, made) : made;
  }
  inString(scalar: ScalarShape, shape: Shape<unknown>, value: unknown): unknown {
    if (this.isBinary) return scalar.read(value, this);
    if (typeof value !== 'string') throw shape.mismatch(value);
    const read = scalar.parsePlain(value);
    if (read === undefined) throw shape.mismatch(value, quoted(value));
    return read;
  }
  oneElement(inner: Shape<unknown>, shape: Shape<unknown>, value: unknown): unknown {
    if (value === null && !('isOptional' in inner)) throw shape.mismatch(value);
    return inner.read(value, this);
  }
}

function unknownMember(shape: StructShape, value: object): Mismatch {
  const name = Object.keys(value).find((key) => !shape.members.some((member) => member.name === key));
  return new Mismatch(`the member ${quoted(name ?? '')} is not known`);
}
/** Copies only the described members. */
function described(shape: StructShape, value: Record<string, unknown>): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const member of shape.members) {
    const part = memberValue(value, member);
    if (part !== undefined) picked[member.name] = part;
  }
  return picked;
}
