// The results of the drawn types' npm package for documents.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { native, types } from './programs.mjs';

const messages = await import(pathToFileURL(join(native, 'drawn-messages/dist/node.js')));
await messages.initXml();
const { TwinsocketError } = messages;
const wireNames = Object.fromEntries(types.all.map(({ name, wire }) => [name, wire]));

const refusal = (error) => {
  if (error instanceof TwinsocketError) return Buffer.from(`!${error.message}`);
  throw error;
};

/** The answer in the format of the programs. */
export function answerInTypeScript({ type, codec, bytes }) {
  const description = messages[wireNames[type]];
  const written = (format, value) => {
    try {
      return Buffer.from(messages[format](description).encode(value));
    } catch (error) {
      return refusal(error);
    }
  };
  const refused = (why) => ({ type, json: why, xml: Buffer.alloc(0), cbor: Buffer.alloc(0) });
  let received = bytes;
  if (codec !== 'cbor') {
    try {
      received = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return refused(Buffer.from('!invalid UTF-8 is never delivered as text'));
    }
  }
  let value;
  try {
    value = messages[codec](description).decode(received);
  } catch (error) {
    return refused(refusal(error));
  }
  description.check(value);
  return { type, json: written('json', value), xml: written('xml', value), cbor: written('cbor', value) };
}
