// Names that were replaced by the field's do not return, in code, texts and file names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';
import { join } from 'node:path';

// Each in snake_case; camelCase and kebab-case are derived.
const replaced = {
  time_limit: 'timeout',
  close_time: 'close_timeout',
  send_time: 'write_timeout',
  idle_time: 'idle_timeout',
  handshake_time: 'handshake_timeout',
  hook_time: 'request_hook_timeout',
  stop_time: 'shutdown_timeout',
  max_message: 'max_message_size',
  max_frame: 'max_frame_size',
  inbound_bytes: 'receive_queue_bytes',
  outbound_bytes: 'send_queue_bytes',
  outbound_messages: 'send_queue_messages',
  unsent_bytes: 'offline_queue_bytes',
  header_bytes: 'max_header_size',
  body_bytes: 'max_body_size',
  no_answer: 'peer_timeout',
  wrong_type: 'type_mismatch',
  first_delay: 'initial_delay',
  longest_delay: 'max_delay',
  stable_time: 'min_uptime',
  longest_hint: 'max_retry_after',
  when_full: 'overflow_policy',
  exposition: 'prometheus_text',
  stop_pipe: 'wakeup_pipe',
  open_below: 'open_beneath',
  served_certificate: 'certificate_reloader',
  file_handle: 'unique_fd',
  surroundings: 'environment',
  loop_dweller: 'loop_service',
  mailbox: 'cross_thread_queue',
  lasting_conversation: 'reconnecting_session',
  far_beyond_full: 'a condition that says what it compares',
};
// The program's option --max-message is another thing.
const allowed = [/--max-message\b(?!-size)/g, /"max-message"/g, /'max-message'/g];

const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
const forms = Object.keys(replaced).flatMap((name) => [name, camel(name), name.replaceAll('_', '-')]);
const word = new RegExp(`(?<![\\w-])(?:${[...new Set(forms)].join('|')})(?![\\w-])`, 'g');
const skipped = [':!:*package-lock.json', ':!:tests/vectors', ':!:tests/fuzz/found', ':!:.github/CHANGELOG.md', ':!:tests/tooling/words.test.mjs'];

test('replaced names do not return', { skip: untracked }, () => {
  const found = trackedFiles(':/', ...skipped).flatMap((file) => {
    let text = `${file}\n${readFileSync(join(root, file), 'latin1')}`;
    for (const each of allowed) text = text.replaceAll(each, '');
    return [...text.matchAll(word)].map(([name]) => `${file}: ${name}`);
  });
  assert.deepEqual([...new Set(found)], []);
});
