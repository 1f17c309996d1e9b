import { Mismatch, quoted } from './mismatch.js';

/** Quotes a string for JSON. Throws for an unpaired surrogate. */
export function quote(text: string): string {
  if (!/["\\\u0000-\u001f\ud800-\udfff]/.test(text)) return `"${text}"`;
  refuseUnpairedSurrogates(text);
  return JSON.stringify(text);
}

export function refuseUnpairedSurrogates(text: string): void {
  if (/[\ud800-\udfff]/.test(text) && /[\ud800-\udfff]/u.test(text))
    throw new Mismatch(`${quoted(text)} has half a surrogate pair`, 'invalid_utf8');
}
