// What the generated checks of a package of messages call (npm/checks.mjs). A file of its own in the npm package, so that all
// entries of such a package share its checks.

export { fromBase64, toBase64 } from './shapes/base64.js';
export { isTime } from './shapes/is-time.js';
export { isIntegerText, isJsonNumber } from './shapes/number-text.js';
export { shortestFloat } from './shapes/shortest-float.js';
