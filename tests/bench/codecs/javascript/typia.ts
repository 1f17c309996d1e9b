// What typia compiles: the types of types.mjs.

import typia from 'typia';

interface Nested {
  foo: string;
  num: number;
  bool: boolean;
}

interface Data {
  number: number;
  negNumber: number;
  maxNumber: number;
  string: string;
  longString: string;
  boolean: boolean;
  deeplyNested: Nested;
}

interface Address {
  street: string;
  city: string;
  zip?: string | null;
}

interface Item {
  id: number;
  title: string;
  price: number;
  sold: boolean;
  tags: string[];
  from: Address;
}

interface Order {
  id: number;
  items: Item[];
}

export const parseData = typia.misc.createAssertClone<Data>();
export const decodeOrder = typia.json.createAssertParse<Order>();
export const encodeOrder = typia.json.createStringify<Order>();
