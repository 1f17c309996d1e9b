// The types that are measured, as describe_types.hpp prints them, and schemas of the same types for the other libraries.

import * as v from 'valibot';
import * as z from 'zod';

const member = (name, kind, more = {}) => ({ name, doc: '', required: true, type: { kind, ...more } });
const struct = (name, ...members) => ({ name, doc: '', members, enumerators: [], type: null });

/**
 * `Data` is the object of https://github.com/moltar/typescript-runtime-type-benchmarks. The others are the document of
 * ../document.hpp.
 */
export const types = [
  struct('Nested', member('foo', 'string'), member('num', 'number'), member('bool', 'boolean')),
  struct(
    'Data',
    ...['number', 'negNumber', 'maxNumber'].map((name) => member(name, 'number')),
    ...['string', 'longString'].map((name) => member(name, 'string')),
    member('boolean', 'boolean'),
    member('deeplyNested', 'struct', { name: 'Nested' }),
  ),
  struct('Address', member('street', 'string'), member('city', 'string'), {
    ...member('zip', 'optional', { of: [{ kind: 'string' }] }),
    required: false,
  }),
  struct(
    'Item',
    member('id', 'int64'),
    member('title', 'string'),
    member('price', 'number'),
    member('sold', 'boolean'),
    member('tags', 'list', { of: [{ kind: 'string' }] }),
    member('from', 'struct', { name: 'Address' }),
  ),
  struct('Order', member('id', 'int64'), member('items', 'list', { of: [{ kind: 'struct', name: 'Item' }] })),
];

const zodAddress = z.object({ street: z.string(), city: z.string(), zip: z.string().nullish() });
const zodItem = z.object({
  id: z.number(), title: z.string(), price: z.number(), sold: z.boolean(), tags: z.array(z.string()), from: zodAddress,
});
export const zod = {
  Data: z.object({
    number: z.number(), negNumber: z.number(), maxNumber: z.number(), string: z.string(), longString: z.string(), boolean: z.boolean(),
    deeplyNested: z.object({ foo: z.string(), num: z.number(), bool: z.boolean() }),
  }),
  Order: z.object({ id: z.number(), items: z.array(zodItem) }),
};

const valibotItem = v.object({
  id: v.number(), title: v.string(), price: v.number(), sold: v.boolean(), tags: v.array(v.string()),
  from: v.object({ street: v.string(), city: v.string(), zip: v.nullish(v.string()) }),
});
export const valibot = {
  Data: v.object({
    number: v.number(), negNumber: v.number(), maxNumber: v.number(), string: v.string(), longString: v.string(), boolean: v.boolean(),
    deeplyNested: v.object({ foo: v.string(), num: v.number(), bool: v.boolean() }),
  }),
  Order: v.object({ id: v.number(), items: v.array(valibotItem) }),
};

/** Descriptions without generated checks, as a program writes them in TypeScript. */
export function describe({ boolean, int64, list, number, optional, required, string, struct: object }) {
  const address = object('Address', { street: required(string()), city: required(string()), zip: optional(string()) });
  const item = object('Item', {
    id: required(int64()), title: required(string()), price: required(number()), sold: required(boolean()),
    tags: required(list(string())), from: required(address),
  });
  return {
    Data: object('Data', {
      number: number(), negNumber: number(), maxNumber: number(), string: string(), longString: string(), boolean: boolean(),
      deeplyNested: object('Nested', { foo: string(), num: number(), bool: boolean() }),
    }),
    Order: object('Order', { id: required(int64()), items: required(list(item)) }),
  };
}

/** The checks of `Data` as a person would write them, without the path of an error. */
export function parseByHand(value) {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  const { number, negNumber, maxNumber, string, longString, boolean, deeplyNested } = value;
  if (typeof number !== 'number' || typeof negNumber !== 'number' || typeof maxNumber !== 'number') throw new TypeError('not a number');
  if (typeof string !== 'string' || typeof longString !== 'string') throw new TypeError('not a string');
  if (typeof boolean !== 'boolean') throw new TypeError('not a boolean');
  if (typeof deeplyNested !== 'object' || deeplyNested === null) throw new TypeError('not an object');
  const { foo, num, bool } = deeplyNested;
  if (typeof foo !== 'string' || typeof num !== 'number' || typeof bool !== 'boolean') throw new TypeError('not of its type');
  return { number, negNumber, maxNumber, string, longString, boolean, deeplyNested: { foo, num, bool } };
}

export const data = {
  number: 1,
  negNumber: -1,
  maxNumber: Number.MAX_VALUE,
  string: 'string',
  longString: 'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(9),
  boolean: true,
  deeplyNested: { foo: 'bar', num: 1, bool: false },
};

/** The same as make_order() in ../document.hpp, with the identifiers as numbers. */
export function order(items) {
  return {
    id: 1,
    items: Array.from({ length: items }, (_, i) => ({
      id: 1_234_567_890_123 + i,
      title: `A title of item number ${i}`,
      price: Number((i * 1.37).toFixed(2)),
      sold: i % 2 === 0,
      tags: ['red', 'green', 'a longer tag here'],
      from: { street: 'Some street 12', city: 'Amsterdam', ...(i % 3 === 0 ? { zip: null } : { zip: '1234AB' }) },
    })),
  };
}
