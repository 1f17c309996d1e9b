import { TwinsocketError } from './errors.js';
import { Mismatch } from './shapes/mismatch.js';

/**
 * Standard Schema, version 1 (https://standardschema.dev). Libraries for forms, remote procedures, environment variables and the
 * like accept descriptions and their codecs as schemas.
 */
export interface StandardSchema<Input, Output = Input> {
  readonly '~standard': StandardProperties<Input, Output>;
}

export interface StandardProperties<Input, Output = Input> {
  readonly version: 1;
  readonly vendor: 'twinsocket';
  /** Returns the value, or the first mismatch. A promise only of a codec whose module is not loaded. */
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Only types, for TypeScript. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  /** What was expected and found, without the path. */
  readonly message: string;
  /** Names of members, keys of maps and indices of lists. */
  readonly path?: readonly PropertyKey[] | undefined;
}

/**
 * @internal The properties of a schema. `read` returns the value, or throws a Mismatch or a TwinsocketError. `load` loads what
 * it needs.
 */
export function standardProperties<Input, Output>(
  read: (value: unknown) => Output,
  load?: () => Promise<void> | undefined,
): StandardProperties<Input, Output> {
  const result = (value: unknown): StandardResult<Output> => {
    try {
      return { value: read(value) };
    } catch (error) {
      if (error instanceof Mismatch) return { issues: [error.toIssue()] };
      if (error instanceof TwinsocketError) return { issues: [{ message: error.message }] };
      throw error;
    }
  };
  return {
    version: 1,
    vendor: 'twinsocket',
    validate: (value) => {
      const loading = load?.();
      return loading ? loading.then(() => result(value)) : result(value);
    },
  };
}
