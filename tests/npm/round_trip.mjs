import assert from 'node:assert/strict';

/** Returns a check of a value against its JSON and XML: both must encode to these texts and decode to the value. */
export const checkRoundTrip =
  ({ json, xml }) =>
  (description, value, asJson, asXml) => {
    assert.equal(json(description).encode(value), asJson);
    assert.deepEqual(json(description).decode(asJson), value);
    assert.equal(xml(description).encode(value), asXml);
    assert.deepEqual(xml(description).decode(asXml), value);
  };
