// The texts of the page name what the measurement sends.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from './modules.mjs';

test('the rows of the speed name the sizes and numbers that are measured', async () => {
  const { burstBytes, messagesUnderway, roundTripBytes } = await load('speed-workload');
  const page = readFileSync(new URL('../../demo-site/index.html', import.meta.url), 'utf8');
  assert.ok(page.includes(`>Round trip of ${roundTripBytes} bytes, median<`));
  assert.ok(page.includes(`>Messages of ${burstBytes} bytes, ${messagesUnderway} in flight<`));
});
