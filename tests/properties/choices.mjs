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
    (world) => world.enumeration(),
    (world) => world.struct(),
    (world) => optional(world.struct()),
    (world) => optional(world.struct(), 'unique_ptr'),
    (world) => optional(world.struct(), 'shared_ptr'),
    (world) => optional(world.single()),
    (world) => optional(world.single()),
    (world) => optional(world.enumeration()),
    optional(time('nanoseconds')),
    (world) => list(world.listed()),
    (world) => list(world.struct()),
    (world) => list(world.enumeration()),
    (world) => list(world.listed(), 'deque'),
    list({ kind: 'bool' }),
    list(self),
    optional(self, 'unique_ptr'),
    (world) => world.variant(),
    (world) => list(world.variant()),
    (world) => optional(world.variant()),
  ],
  json: [
    { kind: 'bytes' },
    optional({ kind: 'bytes' }),
    list({ kind: 'bytes' }),
    (world) => map(world.single()),
    (world) => map(world.struct(), 'unordered_map'),
    (world) => map(list(world.listed())),
    (world) => map(world.enumeration()),
    (world) => optional(map(world.single())),
    (world) => array(world.listed(), 1 + world.random.below(4)),
    (world) => array(world.struct(), 2),
    (world) => list(list(world.listed())),
    (world) => list(optional(world.single())),
    (world) => optional(list(world.listed())),
    (world) => list(map(world.single())),
    (world) => map(world.variant()),
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
    (world) => map(array(world.listed(), 2)),
    (world) => map(map(world.single())),
    (world) => list(list(list(world.single()))),
    (world) => list(optional(world.struct(), 'unique_ptr')),
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
