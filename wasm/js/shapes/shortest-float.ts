/** The number with the shortest decimal that rounds to the same C++ `float`: 0.1, not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  const float = Math.fround(value);
  if (float === 0 || !Number.isFinite(float)) return float;
  // Most floats have a short decimal or need more than 6 digits. In the second case shorter ones need not be tried.
  for (let digits = roundTrips(float, 6) ? 1 : 7; digits < 9; ++digits) {
    const short = rounded(float, digits);
    if (Math.fround(short) === float) return short;
  }
  return rounded(float, 9);
}

function roundTrips(float: number, digits: number): boolean {
  return Math.fround(rounded(float, digits)) === float;
}

/** Rounds to a number of digits, with ties to even. toPrecision() does not round ties to even. */
function rounded(float: number, digits: number): number {
  // A tie is possible only if one more digit represents the float exactly.
  if (Number(float.toPrecision(digits + 1)) === float) {
    const [all = '', exponent] = Math.abs(float).toExponential(50).split('e');
    // The digits to keep, and the decimal point after the first.
    const kept = all.slice(0, digits + 1);
    const isHalf = /^50*$/.test(all.slice(digits + 1));
    if (isHalf && /[02468]\.?$/.test(kept)) return Math.sign(float) * Number(`${kept}e${exponent}`);
  }
  return Number(float.toPrecision(digits));
}
