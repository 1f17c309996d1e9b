import declarations from '../../build/npm/demo-messages/dist/messages.d.ts?raw';
import header from '../messages.hpp?raw';
import { find } from './dom.js';

/** The part of a file from one line to another, both included. */
function part(text: string, first: RegExp, last: RegExp): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => first.test(line));
  const end = lines.findIndex((line, i) => i >= begin && last.test(line));
  if (begin < 0 || end < 0) throw new Error(`no lines from ${first} to ${last}`);
  return lines.slice(begin, end + 1).join('\n');
}

/** Shows the struct that the server is compiled with, and the type that was generated from it. */
export function showPersonSource(): void {
  find('#person-struct', HTMLElement).textContent = part(header, /^struct person/, /^ {17}\(emails/);
  find('#person-type', HTMLElement).textContent = part(declarations, /^export interface Person/, /^}/);
}
