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
  if (!/(?:^|[^.\d])\d{16,}(?![.\deE])/.test(document)) return parseJson(document);
  mark ??= `bigint-${[...crypto.getRandomValues(new Uint32Array(4))].join('-')}:`;
  const marked = document.replace(stringOrNumber, (token) => {
    const isLong = /^-?[1-9]\d{15,400}$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLong ? `"${mark}${token}"` : token;
  });
  if (marked === document) return parseJson(document);
  refuseDepth(document);
  try {
    return JSON.parse(marked, unmark);
  } catch {
    // The document is refused too, and the mark is in no error.
    return parseJson(document);
  }
}

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
let mark: string | undefined;

function unmark(_key: string, value: unknown): unknown {
  return typeof value === 'string' && mark && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
}

/** A document that is too deep could exhaust the stack of those that walk through it. */
function refuseDepth(document: string): void {
  if (document.length <= maxDepth) return;
  let depth = 0;
  for (let i = 0; i < document.length; ++i) {
    const character = document.charCodeAt(i);
    if (character === quotationMark) {
      while (++i < document.length && document.charCodeAt(i) !== quotationMark)
        if (document.charCodeAt(i) === backslash) ++i;
      // Brackets and braces differ from each other in the same bit as capital letters from small ones.
    } else if ((character | 0x20) === openingBrace) {
      if (++depth > maxDepth) throw new TwinsocketError('too_deep', `nested deeper than ${maxDepth} levels`);
    } else if ((character | 0x20) === closingBrace) --depth;
  }
}

const quotationMark = 0x22;
const backslash = 0x5c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
