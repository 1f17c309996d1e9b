// Prints the results and keeps them, as Markdown.

import { figure, table } from './figures.mjs';

const parts = [];

/** Prints a paragraph. */
export function say(text) {
  parts.push(text);
  console.log(`${parts.length > 1 ? '\n' : ''}${text}`);
}

/** Prints a table below its title. Cells that are numbers get three significant digits; NaN becomes `-`. */
export function show(title, head, rows) {
  say(`${title}:\n\n${table(head, rows.map((row) => row.map(figure)))}`);
}

/** Everything printed so far. */
export const markdown = () => `${parts.join('\n\n')}\n`;

/** Shows on a terminal what is being done, in a line that the next call replaces. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
