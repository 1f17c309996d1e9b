import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { MemberList } = await load('member-list');

const ada = { client: 'a', user: 'Ada', info: '' };
const bob = { client: 'b', user: 'Bob', info: '' };
const cat = { client: 'c', user: 'Cat', info: '' };
const joined = (member) => ({ kind: 'joined', member });
const left = (member) => ({ kind: 'left', member });
const names = (list) => list.members.map(({ user }) => user);

test('a list follows those who join and leave', () => {
  const list = new MemberList();
  for (const change of [joined(ada), joined(bob), left(ada), joined(bob), left(cat)]) list.change(change);
  assert.deepEqual(names(list), ['Bob']);
  list.clear();
  assert.deepEqual(names(list), []);
});

test('a list has what the server says, and the changes since it was asked', async () => {
  const list = new MemberList();
  list.change(joined(cat));
  await list.refresh(async () => {
    // These may be in the response or not.
    list.change(left(ada));
    list.change(joined(cat));
    return [ada, bob];
  });
  assert.deepEqual(names(list), ['Bob', 'Cat']);
});

test('a list ignores a response after which the server was asked again', async () => {
  const list = new MemberList();
  let respond;
  const first = list.refresh(() => new Promise((resolve) => (respond = resolve)));
  await list.refresh(async () => [bob]);
  respond([ada]);
  await first;
  assert.deepEqual(names(list), ['Bob']);
});

test('a list keeps what is known if the server does not answer', async () => {
  const list = new MemberList();
  list.change(joined(ada));
  await assert.rejects(list.refresh(() => Promise.reject(new Error('late'))));
  list.change(joined(bob));
  assert.deepEqual(names(list), ['Ada', 'Bob']);
});
