import { checkLimit } from './with-timeout.js';

/**
 * Returns all options, in the order of their defaults in abi.ts. Throws `invalid_argument` unless each is a number from 0
 * on. `path` precedes the name in the error.
 */
export function withDefaults<Names extends string, Defaults extends Readonly<Record<Names, number>>>(
  path: string,
  // C++ has no option that the type of `given` does not declare.
  defaults: Defaults & Readonly<Record<Exclude<keyof Defaults, Names>, never>>,
  given: { readonly [name in Names]?: number | undefined },
): Record<Names, number> {
  const all: Record<Names, number> = { ...defaults };
  for (const name of Object.keys(all) as Names[]) {
    const value = given[name];
    if (value !== undefined) all[name] = value;
    checkLimit(path + name, all[name]);
  }
  return all;
}
