import { TwinsocketError } from './errors.js';
import { maxDepth } from './shapes/mismatch.js';

/** What JSON.parse gives, or an error of ours. */
export function parseJson(document: string): unknown {
  refuseDepth(document);
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new TwinsocketError('syntax', `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The same, but integers that a number of JavaScript's does not hold exactly are bigints. JSON.parse rounds them, so they
 * are made strings first, behind a mark that no peer can know.
 */
export function parseJsonExactly(document: string): unknown {
  if (!/(?:^|[^.\d])\d{16}/.test(document)) return parseJson(document);
  mark ??= `bigint-${[...crypto.getRandomValues(new Uint32Array(4))].join('-')}:`;
  const marked = withMarks(document, mark);
  if (marked === document) return parseJson(document);
  refuseDepth(document);
  try {
    return JSON.parse(marked, unmark);
  } catch {
    // The document is refused too, and the mark is in no error.
    return parseJson(document);
  }
}

let mark: string | undefined;

/** Step by step: what a regular expression does with a hostile document takes too long, or too much of the stack. */
function withMarks(document: string, mark: string): string {
  let marked = '';
  let done = 0;
  for (let i = 0; i < document.length; ++i) {
    const character = document.charCodeAt(i);
    if (character === quotationMark) {
      i = endOfString(document, i);
    } else if (isDigit(character)) {
      const start = document[i - 1] === '-' ? i - 1 : i;
      do ++i;
      while (isDigit(document.charCodeAt(i)) || '.eE+-'.includes(document.charAt(i) || ' '));
      if (i - start >= 16) {
        const number = document.slice(start, i);
        if (/^-?[1-9]\d{15,400}$/.test(number) && !Number.isSafeInteger(Number(number))) {
          marked += `${document.slice(done, start)}"${mark}${number}"`;
          done = i;
        }
      }
      --i;
    }
  }
  return marked + document.slice(done);
}

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

function unmark(key: string, value: unknown): unknown {
  if (!mark) return value;
  // JSON has no numbers for keys.
  if (key.startsWith(mark)) throw new SyntaxError();
  return typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
}

/** A document that is too deep could exhaust the stack of those that walk through it. */
function refuseDepth(document: string): void {
  if (document.length <= maxDepth) return;
  let depth = 0;
  for (let i = 0; i < document.length; ++i) {
    const character = document.charCodeAt(i);
    if (character === quotationMark) {
      i = endOfString(document, i);
      // Brackets and braces differ from each other in the same bit as capital letters from small ones.
    } else if ((character | 0x20) === openingBrace) {
      if (++depth > maxDepth) throw new TwinsocketError('too_deep', `nested deeper than ${maxDepth} levels`);
    } else if ((character | 0x20) === closingBrace) --depth;
  }
}

/** Where the quotation mark is that ends the string which begins here, or else the end. */
function endOfString(document: string, start: number): number {
  let i = start;
  while (++i < document.length && document.charCodeAt(i) !== quotationMark)
    if (document.charCodeAt(i) === backslash) ++i;
  return i;
}

const quotationMark = 0x22;
const backslash = 0x5c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
