// Parts of source text.

export const identifier = /^[A-Za-z_$][\w$]*$/;

/** The name of a property in an object literal. */
export function keyOf(name) {
  return identifier.test(name) ? name : quote(name);
}

export function quote(text) {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
