// The choices for random types: the kinds of members, and their names.

export const int = (bits, signed) => ({ kind: 'int', bits, signed });
export const integers = [8, 16, 32, 64].flatMap((bits) => [int(bits, true), int(bits, false)]);
export const singles = [...integers, { kind: 'float' }, { kind: 'double' }, { kind: 'bool' }, { kind: 'string' }];
const own = (name, wire) => ({ kind: 'own', name, wire });
const celsius = own('celsius', 'double');
const hexadecimal = own('hexadecimal', 'string');
const dotted = own('dotted', 'list');
const range = own('range', 'struct');
const time = (unit) => ({ kind: 'time', unit });
const duration = (unit) => ({ kind: 'duration', unit });

const list = (element, container = 'vector') => ({ kind: 'list', element, container });
const array = (element, count) => ({ kind: 'array', element, count });
const map = (value, container = 'map') => ({ kind: 'map', value, container });
const optional = (inner, holder = 'optional') => ({ kind: 'optional', inner, holder });
const self = { kind: 'self' };

/** The choices for a member. A function draws the remaining parts from what exists already. */
export const choices = {
  both: [
    ...singles,
    { kind: 'bool' },
    { kind: 'string' },
    celsius,
    time('nanoseconds'),
    duration('nanoseconds'),
    duration('float_seconds'),
    (generator) => generator.enumeration(),
    (generator) => generator.struct(),
    (generator) => optional(generator.struct()),
    (generator) => optional(generator.struct(), 'unique_ptr'),
    (generator) => optional(generator.struct(), 'shared_ptr'),
    (generator) => optional(generator.single()),
    (generator) => optional(generator.single()),
    (generator) => optional(generator.enumeration()),
    optional(time('nanoseconds')),
    (generator) => list(generator.listed()),
    (generator) => list(generator.struct()),
    (generator) => list(generator.enumeration()),
    (generator) => list(generator.listed(), 'deque'),
    list({ kind: 'bool' }),
    list(self),
    optional(self, 'unique_ptr'),
    (generator) => generator.variant(),
    (generator) => list(generator.variant()),
    (generator) => optional(generator.variant()),
  ],
  json: [
    { kind: 'bytes' },
    optional({ kind: 'bytes' }),
    list({ kind: 'bytes' }),
    (generator) => map(generator.single()),
    (generator) => map(generator.struct(), 'unordered_map'),
    (generator) => map(list(generator.listed())),
    (generator) => map(generator.enumeration()),
    (generator) => optional(map(generator.single())),
    (generator) => array(generator.listed(), 1 + generator.random.below(4)),
    (generator) => array(generator.struct(), 2),
    (generator) => list(list(generator.listed())),
    (generator) => list(optional(generator.single())),
    (generator) => optional(list(generator.listed())),
    (generator) => list(map(generator.single())),
    (generator) => map(generator.variant()),
  ],
  ours: [
    { kind: 'byte_array', count: 3 },
    list(int(8, false)),
    hexadecimal,
    optional(hexadecimal),
    map(hexadecimal),
    dotted,
    list(dotted),
    map(dotted),
    optional(dotted),
    range,
    list(range),
    time('seconds'),
    time('milliseconds'),
    time('days'),
    duration('seconds'),
    duration('hours'),
    list(time('microseconds'), 'list'),
    (generator) => map(array(generator.listed(), 2)),
    (generator) => map(map(generator.single())),
    (generator) => list(list(list(generator.single()))),
    (generator) => list(optional(generator.struct(), 'unique_ptr')),
    { kind: 'variant', alternatives: [{ kind: 'bytes' }, { kind: 'float' }, { kind: 'double' }, int(64, false)] },
  ],
};

/** The part of a type that can be an attribute, content or a number in a string. */
export function single(type) {
  if (type.kind === 'optional') return single(type.inner);
  if (type.kind === 'own') return { double: { kind: 'double' }, string: { kind: 'string' } }[type.wire];
  if (type.kind === 'time') return { kind: 'string' };
  if (type.kind === 'duration') return type.unit === 'float_seconds' ? { kind: 'double' } : int(64, true);
  return ['list', 'array', 'map', 'struct', 'self', 'variant'].includes(type.kind) ? undefined : type;
}
export const isNumberOrBool = (type) => ['int', 'float', 'double', 'bool'].includes(single(type)?.kind);

// The list starts with names that Go accepts in a tag and XML as an element. "key" and "item" have a meaning in XML.
export const plainNames = [
  'name',
  'Id',
  'emails',
  'x',
  'Total_sum',
  'a-b',
  'v1.2',
  '_hidden',
  'gr\u00f6\u00dfe',
  '\u540d\u524d',
  '\u03a9',
  'type',
  'class',
  'length',
  'constructor',
  'toString',
  '__defineGetter__',
  'hasOwnProperty',
  'xmlish',
  'True',
  'nil',
];
export const oddNames = ['with space', '1', '007', 'a/b', '$ref', '@id', '#text', '[0]', '{}', '-1', '%', 'a:b', '?'];
export const oddestNames = [
  'quo"te',
  "'",
  'back\\slash',
  'a,b',
  'tab\there',
  '<&>',
  '\u00a0',
  '\u2028',
  'a>b',
  '\u{1f600}',
];
export const parents = ['Box>', 'Box>Tray>', 'Shelf>', 'Shelf>Tray>', 'Box>Tray>Cup>'];
export const enumeratorNames = [
  'red',
  'green',
  'deep blue',
  '\u00e9t\u00e9',
  'NULL',
  '0',
  'true',
  '<&"\'>',
  'a,b',
  '\u{1f3a8}',
  ' ',
  'null',
];
