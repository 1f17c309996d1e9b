import type { Description } from './description-types.js';
import { type Shape, shapeOf } from './shapes/shape.js';

/**
 * @internal The description with checks that were generated for it, which replace the interpreting ones. These still make the
 * errors.
 */
export function withChecks<T>(description: Description<T>, checks: NonNullable<Shape<T>['checks']>): Description<T> {
  const shape = shapeOf(description);
  const { is, parse } = checks;
  const find = shape.check.bind(shape);
  // Properties of the object itself, so that the engine can inline them where it has seen only one description.
  return Object.assign(shape, {
    checks,
    is: (value: unknown): value is T => is(value),
    check: (value: unknown): T => (is(value) ? value : find(value)),
    parse: (value: unknown): T => {
      const parsed = parse(value);
      return parsed === undefined ? (shape.copy(find(value)) as T) : parsed;
    },
  });
}
