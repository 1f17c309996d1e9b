import { maxDepth } from '../abi.js';
import { TwinsocketError } from '../errors.js';
import { randomText } from '../random.js';

/** Calls JSON.parse. Throws `malformed` or `too_deep`. */
export function parseJson(document: string): unknown {
  checkDepth(document);
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new TwinsocketError('malformed', `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Like {@link parseJson}, but returns integers beyond 2^53 - 1 as bigints. JSON.parse would round them, so they are first
 * replaced by strings with a random prefix, which no peer can guess.
 */
export function parseJsonWithBigInts(document: string): unknown {
  if (!/(?:^|[^.\d])\d{16}/.test(document)) return parseJson(document);
  prefix ??= `bigint-${randomText()}:`;
  const marked = quoteBigIntegers(document, prefix);
  if (marked === document) return parseJson(document);
  checkDepth(document);
  try {
    return JSON.parse(marked, reviveBigInteger);
  } catch {
    // Parse the original, so that the prefix does not appear in the error.
    return parseJson(document);
  }
}

let prefix: string | undefined;

/** A loop, because a regular expression takes too much time or stack on a hostile document. */
function quoteBigIntegers(document: string, prefix: string): string {
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
          marked += `${document.slice(done, start)}"${prefix}${number}"`;
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

function reviveBigInteger(key: string, value: unknown): unknown {
  if (!prefix) return value;
  // A key cannot be a number in JSON.
  if (key.startsWith(prefix)) throw new SyntaxError();
  return typeof value === 'string' && value.startsWith(prefix) ? BigInt(value.slice(prefix.length)) : value;
}

/** Throws `too_deep`. Deeper documents could exhaust the stack of recursive readers. */
function checkDepth(document: string): void {
  if (isTooDeep(document)) throw new TwinsocketError('too_deep', `nested deeper than ${maxDepth} levels`);
}

/** True if arrays and objects are nested deeper than 256 levels. */
export function isTooDeep(document: string): boolean {
  if (document.length <= maxDepth) return false;
  let depth = 0;
  for (let i = 0; i < document.length; ++i) {
    const character = document.charCodeAt(i);
    if (character === quotationMark) {
      i = endOfString(document, i);
      // In ASCII, "[" and "{" differ only in bit 0x20, as do "]" and "}".
    } else if ((character | 0x20) === openingBrace) {
      if (++depth > maxDepth) return true;
    } else if ((character | 0x20) === closingBrace) --depth;
  }
  return false;
}

/**
 * False only if arrays and objects are nested at most about 65,536 levels deep, which takes a few megabytes. Much faster than
 * {@link isTooDeep} for most documents, because it only counts the characters that begin them.
 */
export function mayBeVeryDeep(document: string): boolean {
  let left = 0x10000 + document.length / 64;
  if (document.length <= left) return false;
  for (const opening of '[{') {
    for (let i = document.indexOf(opening); i >= 0; i = document.indexOf(opening, i + 1)) if (--left < 0) return true;
  }
  return false;
}

/** False only if no string of the document has an unpaired surrogate, neither as it is nor escaped. */
export function mayHaveUnpairedSurrogate(document: string): boolean {
  if (document.includes('\\u') && /\\u[dD][89a-fA-F]/.test(document)) return true;
  return /[\ud800-\udfff]/.test(document) && /[\ud800-\udfff]/u.test(document);
}

/** The position of the closing quotation mark of the string at `start`, or the end of the document. */
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
