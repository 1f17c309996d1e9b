import assert from 'node:assert/strict';

/** Returns the TwinsocketError that a function throws. */
export function thrownError(action) {
  try {
    action();
  } catch (error) {
    assert.equal(error.name, 'TwinsocketError', String(error));
    return error;
  }
  throw new Error('expected an error');
}
