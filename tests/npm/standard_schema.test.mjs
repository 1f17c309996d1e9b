// Descriptions and codecs as schemas of other libraries (https://standardschema.dev).

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FieldApi, FormApi } from '@tanstack/form-core';
import { install, load, root } from './package.mjs';

const limit = { timeout: 60_000 };
const { cbor, codecOf, initXml, int8, json, list, map, number, oneOf, optional, required, string, struct, xml } = await load();

const person = struct('Person', { Name: required(string()), Emails: list(string()), Age: optional(int8()) });
const jan = { Name: 'Jan', Emails: ['jan@example.com'] };
const validate = (schema, value) => schema['~standard'].validate(value);

describe('a description as a standard schema', limit, () => {
  test('has the version, the vendor and the value itself', () => {
    const { version, vendor } = person['~standard'];
    assert.deepEqual([version, vendor], [1, 'twinsocket']);
    const result = validate(person, jan);
    assert.equal(result.value, jan);
    assert.equal(result.issues, undefined);
    // A member with attributes, too.
    assert.deepEqual(validate(required(string()), 'a'), { value: 'a' });
  });

  test('reports the first mismatch with its path in parts', () => {
    for (const [schema, value, message, path] of [
      [person, 5, 'expected an object, found a number', []],
      [person, { ...jan, Emails: ['a', 5] }, 'expected a string, found a number', ['Emails', 1]],
      [person, { ...jan, Age: 200 }, 'expected an integer from -128 to 127, found 200', ['Age']],
      [map(list(number())), { 'a.b': [1, 'x'] }, 'expected a number, found a string', ['a.b', 1]],
      [map(number()), { ['k'.repeat(50)]: '' }, 'expected a number, found a string', ['k'.repeat(50)]],
      [struct('A', { any: oneOf({ one: number() }) }), { any: { one: true } }, 'expected a number, found a boolean', ['any', 'one']],
      [required(string()), 1, 'expected a string, found a number', []],
    ]) {
      assert.deepEqual(validate(schema, value), { issues: [{ message, path }] });
      // The error has the same text, after its path.
      assert.throws(() => schema.check(value), (error) => error.message.endsWith(message));
    }
  });

  test('throws what the value itself throws', () => {
    const value = {
      get Name() {
        throw new RangeError('not ours');
      },
    };
    assert.throws(() => validate(person, value), RangeError);
  });
});

describe('a codec as a standard schema', limit, () => {
  test('validates messages by decoding them', () => {
    assert.deepEqual(validate(json(person), '{"Name":"Jan","Emails":["jan@example.com"]}'), { value: jan });
    assert.deepEqual(validate(cbor(person), cbor(person).encode(jan)), { value: jan });
    assert.deepEqual(validate(codecOf('a.cbor', person), cbor(person).encode(jan)), { value: jan });
    for (const [codec, message, issue] of [
      [json(person), '{"Name":"Jan","Emails":["a",5]}', { message: 'expected a string, found a number', path: ['Emails', 1] }],
      [json(person), '{}', { message: 'the member "Name" is missing', path: [] }],
      [json(map(number())), '{"a.b":"x"}', { message: 'expected a number, found a string', path: ['a.b'] }],
      [json(person), new Uint8Array(2), { message: 'expected a text message, found 2 bytes of binary' }],
      [json(person), 5, { message: 'expected a message, found a number' }],
      [cbor(person), undefined, { message: 'expected a message, found nothing' }],
    ])
      assert.deepEqual(validate(codec, message), { issues: [issue] });
    assert.match(validate(json(person), '{').issues[0].message, /^not JSON: /);
  });

  test('loads the module for XML first', async () => {
    const document = '<Person><Name>Jan</Name><Emails>jan@example.com</Emails></Person>';
    const result = validate(xml(person), document);
    assert.ok(result instanceof Promise);
    assert.deepEqual(await result, { value: jan });
    await initXml();
    assert.deepEqual(validate(xml(person), document), { value: jan });
    assert.deepEqual(validate(xml(person), '<Person><Name/>\n<Age>x</Age></Person>'), {
      issues: [{ message: 'expected an integer from -128 to 127, found "x" at line 2', path: ['Age'] }],
    });
  });
});

test('TanStack Form validates a form by a description', limit, async () => {
  const form = new FormApi({ defaultValues: { Name: 'Jan', Emails: ['a'], Age: 5 }, validators: { onChange: person } });
  const unmount = form.mount();
  const field = new FieldApi({ form, name: 'Age' });
  field.mount();
  field.setValue(200);
  assert.equal(form.state.canSubmit, false);
  assert.deepEqual(field.state.meta.errors.map(({ message }) => message), ['expected an integer from -128 to 127, found 200']);
  field.setValue(40);
  assert.equal(form.state.canSubmit, true);
  assert.deepEqual(field.state.meta.errors, []);
  const list = new FieldApi({ form, name: 'Emails[0]' });
  list.mount();
  list.setValue(1);
  assert.deepEqual(list.state.meta.errors.map(({ message }) => message), ['expected a string, found a number']);
  unmount();
});

test('the types are those of @standard-schema/spec', limit, async () => {
  const { folder } = install();
  symlinkSync(fileURLToPath(new URL('../node_modules/@standard-schema', import.meta.url)), join(folder, 'node_modules/@standard-schema'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(
    join(folder, 'schema.ts'),
    `import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Infer, type StandardSchema, cbor, int8, json, list, optional, required, string, struct, xml } from 'twinsocket';

const person = struct('Person', { Name: required(string()), Emails: list(string()), Age: optional(int8()) });
type Person = Infer<typeof person>;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const schema: StandardSchemaV1<Person> = person;
export const ours: StandardSchema<Person> = person;
export const input: Same<StandardSchemaV1.InferInput<typeof person>, Person> = true;
export const output: Same<StandardSchemaV1.InferOutput<typeof person>, Person> = true;
export const messages: StandardSchemaV1<string | Uint8Array, Person>[] = [json(person), xml(person), cbor(person)];
const codec = json(person);
export const message: Same<StandardSchemaV1.InferInput<typeof codec>, string | Uint8Array> = true;
export const decoded: Same<StandardSchemaV1.InferOutput<typeof codec>, Person> = true;
// @ts-expect-error another type
export const other: StandardSchemaV1<{ Name: number }> = person;

export async function validated<S extends StandardSchemaV1>(schema: S, value: unknown): Promise<StandardSchemaV1.InferOutput<S>> {
  const result = await schema['~standard'].validate(value);
  if (result.issues) throw new Error(result.issues.map(({ message, path }) => \`\${path?.join('.')}: \${message}\`).join());
  return result.value;
}
export const age: number | undefined = (await validated(person, {})).Age;
`,
  );
  const compiler = createRequire(join(root, 'wasm/package.json')).resolve('typescript/bin/tsc');
  const words = '--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --module nodenext'.split(' ');
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, ...words, 'schema.ts'], { cwd: folder }).catch((error) => error);
  assert.equal(stdout, '');
});
