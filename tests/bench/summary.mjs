// A few rows of the results for README.md.

const rows = [
  ['64 x 16 B x 1 binary', '64 connections, 16 B, one message in flight on each'],
  ['64 x 16 B x 16 binary', '64 connections, 16 B, 16 in flight'],
  ['64 x 1 KiB x 16 ascii', '64 connections, 1 KiB of text, 16 in flight'],
  ['1000 x 1 KiB x 1 ascii', '1,000 connections, 1 KiB of text, one in flight'],
  ['8 x 1 MiB x 1 unicode', '8 connections, 1 MiB of text that is not ASCII'],
];

const cells = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim());

/** The table, from a text with that of the echo servers' CPU. */
export function summarize(results) {
  const table = /^Echo: the server's CPU.*\n\n((?:\|.*\n)+)/m.exec(results)?.[1];
  if (!table) throw new Error('there is no table of the CPU of echo servers');
  const [head, , ...lines] = table.trim().split('\n').map(cells);
  const date = /\d{4}-\d\d-\d\d/.exec(results)[0];
  const servers = head.slice(2);
  const found = rows.map(([name, title]) => {
    const line = lines.find(([one]) => one === name);
    if (!line) throw new Error(`there is no case ${name}`);
    return `| ${title} | ${line.slice(2).join(' | ')} |`;
  });
  return [
    `CPU time of other echo servers for each message, as times that of twinsocket, on ${date}:`,
    '',
    `| case | ${servers.join(' | ')} |`,
    `|---|${servers.map(() => '--:|').join('')}`,
    ...found,
    '',
  ].join('\n');
}

const marks = /(?<=^<!-- measured -->\n)[\s\S]*(?=^<!-- end of measured -->$)/m;

/** What README.md has now, and a README.md with another table. */
export const summaryIn = (readme) => marks.exec(readme)?.[0];
export function withSummary(readme, summary) {
  if (summaryIn(readme) === undefined) throw new Error('README.md has no place for the table');
  return readme.replace(marks, summary);
}
