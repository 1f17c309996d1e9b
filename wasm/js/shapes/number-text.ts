// A text from a peer can be as long as a message. These functions therefore search for forbidden characters with patterns
// that need one pass and no backtracking.

export function isJsonNumber(text: string): boolean {
  if (/[^\d.e+-]/i.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** True for integers of at most 20 significant digits. Longer ones are out of range for every type. */
export function isIntegerText(text: string): boolean {
  const digits = text.replace(/^[+-]/, '');
  return digits !== '' && !/\D/.test(digits) && !/[1-9]/.test(digits.slice(0, -20));
}
