// Runs every suite that CTest knows in some build folders, one after another, and counts their test cases:
//
//   node tests/suites.mjs [--quick] [--label LABEL] --logs FOLDER NAME=BUILD_FOLDER...
//
// A suite is whatever add_test registers. Its cases are counted in its output: Catch2's totals, those of Node's test
// runner, or lines of the form "3 passed, 1 failed". A suite with the label "case" is one case itself. A suite that
// crashes or runs no case counts as a failed case. --quick leaves out the label "slow". --label runs only the suites with
// that label. A suite with the label "separate" runs only by another of its labels.

import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count } from './count_cases.mjs';

const linesShown = 40;
const secondsAllowed = 600; // for a suite without a TIMEOUT

function listSuites(folder) {
  const ctest = spawnSync('ctest', ['--test-dir', folder, '--show-only=json-v1'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (ctest.status !== 0) throw new Error(`${folder}: ctest could not list its tests: ${ctest.error ?? ctest.stderr}`);
  return JSON.parse(ctest.stdout).tests.map(({ name, properties = [] }) => ({
    name,
    labels: properties.find((property) => property.name === 'LABELS')?.value ?? [],
  }));
}

async function runSuite(folder, name, log) {
  const exactly = `^${name.replace(/[.*+?^$()[\]\\|]/g, '\\$&')}$`;
  const ctest = spawn('ctest', ['--test-dir', folder, '-R', exactly, '-V', '--timeout', String(secondsAllowed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  ctest.stdout.pipe(file, { end: false });
  ctest.stderr.pipe(file, { end: false });
  const status = await new Promise((resolve) => ctest.on('close', resolve));
  await new Promise((resolve) => file.end(resolve));

  // CTest puts a number before each line of the suite's output. If there is none, the suite did not start. Catch2 under
  // Node takes a pipe for a terminal and colours its output.
  const all = readFileSync(log, 'utf8').replace(/\x1b\[[\d;]*m/g, '');
  const own = all.match(/^\d+: .*$/gm)?.map((line) => line.replace(/^\d+: /, ''));
  const verdict = /^\d+\/\d+ Test +#\d+: .*\*\*\*([A-Z].*?) +\d/m.exec(all)?.[1] ?? 'Failed';
  return { failed: status !== 0, verdict, output: own ? own.join('\n') : all };
}

/** The part of a failed suite's output to show: the failed tests of Node's test runner, otherwise the end. */
function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  const shown = [];
  for (let i = 0; i < lines.length; ++i) {
    const indent = /^( *)not ok /.exec(lines[i])?.[1];
    if (indent === undefined) continue;
    const end = lines.indexOf(`${indent}  ...`, i);
    const block = lines.slice(i, end < 0 ? undefined : end);
    // A group that failed only because of its tests is not shown: those were shown before.
    if (!block.some((line) => line.includes("failureType: 'subtestsFailed'"))) shown.push(...block.slice(0, linesShown));
  }
  return shown.length ? shown : lines.slice(-linesShown);
}

/** Counts the cases of a finished suite. Returns them with further remarks. */
function judge({ failed, verdict, output }, isOneCase) {
  if (isOneCase) return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, remark: failed ? `, ${verdict}` : '' };
  const { passed, failed: failures, skipped } = count(output);
  const remark = skipped ? `, ${skipped} skipped` : '';
  if (failed && failures === 0) return { passed, failed: 1, remark: `${remark}, ${verdict}` };
  if (passed + failures === 0) return { passed, failed: 1, remark: `${remark}, ran no test` };
  return { passed, failed: failures, remark };
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, label: { type: 'string' }, logs: { type: 'string' } },
  allowPositionals: true,
});
mkdirSync(values.logs, { recursive: true });
const total = { passed: 0, failed: 0 };
for (const [target, folder] of positionals.map((positional) => positional.split('='))) {
  for (const { name, labels } of listSuites(folder)) {
    if (values.label ? !labels.includes(values.label) : labels.includes('separate')) continue;
    if (values.quick && labels.includes('slow')) continue;
    const log = join(values.logs, `test-${target}-${name.replace(/[^A-Za-z0-9_-]+/g, '-')}.log`);
    const started = performance.now();
    const ended = await runSuite(folder, name, log);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);

    const { passed, failed, remark } = judge(ended, labels.includes('case'));
    console.log(`${name} (${target}): ${passed} passed, ${failed} failed${remark}, ${seconds} s`);
    if (failed) {
      for (const line of excerpt(ended.output)) console.log(`    ${line}`);
      console.log(`    all of it: ${log}`);
    }
    total.passed += passed;
    total.failed += failed;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed || !total.passed ? 1 : 0;
