import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { pretty } = await load('pretty');

test('a JSON document gets line breaks, everything else that begins like one stays', () => {
  assert.equal(pretty('{"a":[1,2]}'), '{\n  "a": [\n    1,\n    2\n  ]\n}');
  for (const text of ['{not JSON', '[1,', '', 'hello', '"text"', '5']) assert.equal(pretty(text), text);
});

test('an XML document gets a line for each element', () => {
  assert.equal(
    pretty('<P a="1"><Name>Jan &lt;3</Name><E/><L><x>1</x><x>2</x></L></P>'),
    '<P a="1">\n  <Name>Jan &lt;3</Name>\n  <E/>\n  <L>\n    <x>1</x>\n    <x>2</x>\n  </L>\n</P>',
  );
  assert.equal(pretty('<?xml version="1.0"?><a>1</a>'), '<?xml version="1.0"?>\n<a>1</a>');
});

test('nothing but white space is changed, whatever the text is', () => {
  const visible = (text) => text.replace(/\s/g, '');
  for (const text of ['<', '<a', 'x<', '<a></b></a></a>x', '<a>x<b/>y</a>', '<!-- a > b --><c/>', '< <a>1</a>', '<a>'.repeat(9)])
    assert.equal(visible(pretty(text)), visible(text), text);
  for (const text of ['<', '<a', '< ']) assert.equal(pretty(text), text);
});
