import assert from 'node:assert/strict';

/** A check of a value against its JSON and XML, each of which has to give the value back. */
export const bothWays =
  ({ json, xml }) =>
  (description, value, asJson, asXml) => {
    assert.equal(json(description).encode(value), asJson);
    assert.deepEqual(json(description).decode(asJson), value);
    assert.equal(xml(description).encode(value), asXml);
    assert.deepEqual(xml(description).decode(asXml), value);
  };
