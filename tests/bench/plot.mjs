// Draws the echo table as SVG: a row for each case, a mark for each server, on a logarithmic scale.
//
//   node plot.mjs RESULTS.md >FILE.svg
//
// RESULTS.md has the form of what run.mjs prints; README.md has it too.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const left = 180, right = 24, top = 112, rowHeight = 18, width = 860;

// Okabe and Ito's colours, which people who are colour-blind can tell apart, and a shape for each.
const marks = [
  ['#e69f00', 'M-4-4H4V4H-4Z'],
  ['#009e73', 'M0-5L5 4H-5Z'],
  ['#d55e00', 'M0-5.5L5.5 0L0 5.5L-5.5 0Z'],
  ['#56b4e9', 'M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0-4.5 0Z'],
  ['#cc79a7', 'M0 5L5-4H-5Z'],
  ['#999999', 'M-2-5H2V-2H5V2H2V5H-2V2H-5V-2H-2Z'],
];

/** The machine and the date, the names of the columns, and the rows of the echo table. */
function read(markdown) {
  const lines = markdown.split('\n');
  const machine = lines.find((line) => /^\d+ x .*\d{4}-\d\d-\d\d$/.test(line));
  const title = lines.findIndex((line) => line.startsWith("Echo: the server's CPU"));
  const begin = lines.findIndex((line, i) => i > title && line.startsWith('|'));
  if (!machine || title < 0 || begin < 0) throw new Error('there is no line about the machine, or no echo table');
  const end = lines.findIndex((line, i) => i > begin && !line.startsWith('|'));
  const [head, , ...rows] = lines.slice(begin, end < 0 ? undefined : end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  return { machine, head, rows };
}

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export function plot(markdown) {
  const { machine, head, rows } = read(markdown);
  const [, ours, ...others] = head;
  const ratios = rows.flatMap(([, , ...cells]) => cells.map(Number)).filter((ratio) => ratio > 0);
  const [least, most] = [Math.min(0.8, ...ratios), 1.05 * Math.max(2, ...ratios)].map(Math.log);
  const x = (ratio) => (left + ((Math.log(ratio) - least) / (most - least)) * (width - left - right)).toFixed(1);
  const y = (row) => top + rowHeight * (row + 0.5);
  const bottom = top + rowHeight * rows.length;
  const shapes = new Map(others.map((name, i) => [name, marks[i % marks.length]]));
  const mark = (name, at, text = '') => {
    const [colour, path] = shapes.get(name);
    return `<path class="mark" fill="${colour}" transform="translate(${at})" d="${path}">${text && `<title>${escaped(text)}</title>`}</path>`;
  };

  const legend = others.map((name, i) => `${mark(name, `${left + i * 112} 66`)}<text x="${left + i * 112 + 10}" y="70">${escaped(name)}</text>`);
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((ratio) => Math.log(ratio) >= least && Math.log(ratio) <= most);
  const grid = ticks.map((ratio) =>
    `<path class="${ratio === 1 ? 'ours' : 'grid'}" d="M${x(ratio)} ${top - 4}V${bottom}"/><text class="tick" x="${x(ratio)}" y="${top - 10}">${ratio}</text>`);
  const body = rows.map(([name, own, ...cells], row) => {
    const drawn = others.flatMap((other, i) =>
      Number(cells[i]) > 0 ? mark(other, `${x(cells[i])} ${y(row)}`, `${name}: ${other} ${cells[i]}, ${ours} ${own} us`) : []);
    return `<path class="grid" d="M${left} ${y(row)}H${width - right}"/><text class="case" x="${left - 12}" y="${y(row) + 4}">${escaped(name)}</text>${drawn.join('')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 16}" width="${width}" role="img" aria-label="CPU of echo servers as a multiple of ${escaped(ours)}'s">
<style>
svg { background: #fff; font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 } .note { fill: #59636e } .tick { text-anchor: middle; fill: #59636e } .case { text-anchor: end }
.grid { stroke: #d1d9e0; stroke-width: .6 } .ours { stroke: #1f2328; stroke-width: 1.5 } .mark { stroke: #fff; stroke-width: .7 }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; fill: #f0f6fc }
  .note, .tick { fill: #9198a1 } .grid { stroke: #3d444d } .ours { stroke: #f0f6fc } .mark { stroke: #0d1117 }
}
</style>
<text class="title" x="12" y="24">Echo: the server&#39;s CPU for each message, as a multiple of ${escaped(ours)}&#39;s (less is better)</text>
<text class="note" x="12" y="43">${escaped(machine)}</text>
${[...legend, ...grid, ...body].join('\n')}
</svg>
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(plot(readFileSync(process.argv[2], 'utf8')));
}
