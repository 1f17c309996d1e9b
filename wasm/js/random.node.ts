// The same in Node, which has no global `crypto` before version 19.

import { randomUUID } from 'node:crypto';

export function randomText(): string {
  return randomUUID() + randomUUID();
}
