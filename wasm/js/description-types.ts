import type { StandardSchema } from './standard-schema.js';

/**
 * Describes a type at run time. TypeScript infers the static type from it:
 *
 *     const person = struct('Person', { Name: string(), Emails: list(string()) });
 *     type Person = Infer<typeof person>;
 *
 * The codecs `json`, `xml` and `cbor` encode and decode the same documents as the C++ codecs for the same struct. A member
 * that is missing in a document becomes "", 0, false, [] or absent, unless it is `required` or `withDefault`.
 *
 * It is a Standard Schema: other libraries accept it to check values, and get the first mismatch.
 */
export interface Description<T> extends StandardSchema<T> {
  /** The name of the type in error messages: "a string", "an array". */
  readonly expected: string;
  /**
   * Returns the value itself if it matches. Otherwise throws `type_mismatch` with a message such as "Emails[1]: expected a
   * string, found a number".
   */
  check(value: unknown): T;
  /** True if the value matches. */
  is(value: unknown): value is T;
  /**
   * Returns a copy of the value without members that are not described. Bytes are not copied. Throws as `check` does.
   */
  parse(value: unknown): T;
}

/** A member that may be absent. */
export interface OptionalDescription<T> extends Description<T | undefined> {
  readonly isOptional: true;
}

/** The static type of a description. */
export type Infer<D> = D extends Description<infer T> ? T : never;

/** The members of a struct by their names in the documents. */
export type Members = Readonly<Record<string, Description<unknown>>>;

type OptionalNames<M> = { [K in keyof M]: M[K] extends OptionalDescription<unknown> ? K : never }[keyof M];

/** The type of a struct with these members. */
export type StructOf<M extends Members> = {
  -readonly [K in Exclude<keyof M, OptionalNames<M>>]: Infer<M[K]>;
} & { -readonly [K in OptionalNames<M>]?: Infer<M[K]> } extends infer All
  ? { [K in keyof All]: All[K] }
  : never;
