import type { Message } from '../codec.js';
import { type CodecOptions, type DescribedCodec, messageOf } from '../codecs.js';
import type { Description } from '../description-types.js';
import { DataReader } from '../shapes/data-reader.js';
import { mismatchesAsErrors } from '../shapes/mismatch.js';
import { type Checks, type Writer, shapeOf } from '../shapes/shape.js';
import { standardProperties } from '../standard-schema.js';

/** A format whose parser returns plain data, which a DataReader reads. */
export interface DataFormat {
  /** True if bytes are not base64, numbers are never strings, and there are NaN and infinities. */
  readonly isBinary: boolean;
  parse(message: Message): unknown;
  /** What generated checks can do faster. */
  generated?(checks: Checks<unknown>, options: CodecOptions): GeneratedCodec;
  /** Creates the writer of one document, and a function that returns the document. */
  writer(): Writer & { finish(): Message };
}

/** Both functions return undefined for what they do not support, such as invalid input. */
export interface GeneratedCodec {
  encode?: ((value: unknown) => Message | undefined) | undefined;
  decode?: ((message: Message) => unknown) | undefined;
}

/** The codec of a format for a described type. Checks the values in both directions. */
export function dataCodec<T>(
  { isBinary, parse, writer, generated }: DataFormat,
  description: Description<T>,
  options: CodecOptions,
): DescribedCodec<T> {
  const shape = shapeOf(description);
  const reader = new DataReader(isBinary, options.disallowUnknown ?? false);
  const fast = shape.checks && generated?.(shape.checks, options);
  const read = (message: Message): T => (fast?.decode?.(message) ?? shape.read(parse(message), reader)) as T;
  return {
    encode: (value) =>
      fast?.encode?.(value) ??
      mismatchesAsErrors(() => {
        const out = writer();
        shape.write(shape.check(value), out);
        return out.finish();
      }),
    decode: (message) => mismatchesAsErrors(() => read(message)),
    '~standard': standardProperties((value) => read(messageOf(value))),
  };
}
