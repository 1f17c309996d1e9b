// Counts the test cases in the output of a suite.

const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

const patterns = [
  // Catch2: "All tests passed (9 assertions in 3 test cases)" or "test cases: 4 | 3 passed | 1 failed".
  { find: /^All tests passed \(.* in (\d+) test cases?\)/, read: (m) => ({ passed: +m[1] }) },
  {
    find: /^test cases: +\d+ \|(.*)/,
    read: (m) => ({
      passed: number(m[1], /(\d+) passed/),
      failed: number(m[1], /(\d+) failed(?! as expected)/),
      skipped: number(m[1], /(\d+) skipped/),
    }),
  },
  // Node's test runner, in the TAP or the spec format.
  { find: /^(?:#|\u2139) pass (\d+)$/, read: (m) => ({ passed: +m[1] }) },
  { find: /^(?:#|\u2139) (?:fail|cancelled) (\d+)$/, read: (m) => ({ failed: +m[1] }) },
  { find: /^(?:#|\u2139) (?:skipped|todo) (\d+)$/, read: (m) => ({ skipped: +m[1] }) },
  // The format of other suites.
  { find: /^(\d+) passed, (\d+) failed$/, read: (m) => ({ passed: +m[1], failed: +m[2] }) },
];

export function count(output) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const line of output.split(/\r?\n/)) {
    for (const { find, read } of patterns) {
      const match = find.exec(line);
      if (match) for (const [kind, cases] of Object.entries(read(match))) total[kind] += cases;
    }
  }
  return total;
}
