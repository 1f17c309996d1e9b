// Changes documents slightly, so that most become invalid and some stay valid in another form. Documents are strings of
// bytes here (latin1), because a change may affect one byte of a character.

import * as tokens from './tokens.mjs';

const cut = (text, from, to, between = '') => text.slice(0, from) + between + text.slice(to);

function changeByte(random, text) {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return cut(text, at, at + 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8)) || 0));
    case 1:
      return cut(text, at, at + 1);
    case 2:
      return cut(text, at, at, random.pick(tokens.bytes));
    case 3:
      return cut(text, at, at + 1, random.pick(tokens.bytes));
    case 4:
      return text.slice(0, at);
    default: {
      const end = at + random.below(20);
      return cut(text, at, at, text.slice(at, end));
    }
  }
}

/** The values in a JSON document with their start and end, and the key of a member. */
function jsonValues(text) {
  const found = [];
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/gs)];
  const open = [];
  tokens.forEach((token, i) => {
    const end = token.index + token[0].length;
    const key = tokens[i - 1]?.[0] === ':' ? tokens[i - 2] : undefined;
    const value = { start: token.index, end, key, depth: open.length };
    if ('[{'.includes(token[0])) {
      found.push(value);
      open.push(value);
    } else if (']}'.includes(token[0])) {
      const opened = open.pop();
      if (opened) opened.end = end;
    } else if (!',:'.includes(token[0]) && tokens[i + 1]?.[0] !== ':') {
      found.push(value);
    }
  });
  return found;
}

function changeJson(random, text) {
  const all = jsonValues(text);
  const value = all.length ? random.pick(all) : { start: 0, end: text.length };
  const members = all.filter(({ key }) => key);
  const member = members.length ? random.pick(members) : undefined;
  switch (random.below(member ? 10 : 3)) {
    case 0:
      return cut(text, value.start, value.end, random.pick(tokens.jsonValues));
    case 1:
      return cut(text, value.start, value.start, random.pick([' ', '\n\t', '\r\n ']));
    case 2:
      return changeByte(random, text);
    case 3:
      return cut(text, member.key.index, member.end, random.pick(['', '"other":[1,{"x":null}]', '"":0']));
    case 4: {
      // Removes the member with a comma.
      const from = text[member.key.index - 1] === ',' ? member.key.index - 1 : member.key.index;
      return cut(text, from, from === member.key.index && text[member.end] === ',' ? member.end + 1 : member.end);
    }
    case 5:
      return cut(text, member.end, member.end, `,${text.slice(member.key.index, member.end)}`);
    case 6:
      return cut(
        text,
        member.key.index,
        member.key.index + member.key[0].length,
        random.pick(['"other"', random.pick(members).key[0], member.key[0].toUpperCase(), '""', 'x']),
      );
    case 7:
      return cut(
        text,
        member.end,
        member.end,
        random.pick([',"other":{"a":[{}]}', ',"x":1e400', ',"y":"\\ud800"', ',']),
      );
    default: {
      // Swaps two values.
      const [first, second] = [value, random.pick(all)].sort((a, b) => a.start - b.start);
      if (first.end > second.start) return cut(text, value.start, value.end, 'null');
      return (
        text.slice(0, first.start) +
        text.slice(second.start, second.end) +
        text.slice(first.end, second.start) +
        text.slice(first.start, first.end) +
        text.slice(second.end)
      );
    }
  }
}

/** The elements of an XML document with the positions of their tags. */
function xmlElements(text) {
  const found = [];
  const open = [];
  for (const tag of text.matchAll(/<(\/?)([^\s<>/!?]+)[^<>]*>/g)) {
    const end = tag.index + tag[0].length;
    if (tag[1]) {
      const element = open.pop();
      if (element) Object.assign(element, { inside: element.tagEnd, close: tag.index, end });
    } else {
      const element = {
        name: tag[2],
        start: tag.index,
        tagEnd: end,
        inside: end,
        close: end,
        end,
        attributes: [...tag[0].matchAll(/ ([^\s=]+)="([^"]*)"/g)],
      };
      found.push(element);
      if (!tag[0].endsWith('/>')) open.push(element);
    }
  }
  return found;
}

function changeXml(random, text) {
  const all = xmlElements(text);
  if (!all.length) return changeByte(random, text);
  const leaves = all.filter(({ tagEnd, close }) => !text.slice(tagEnd, close).includes('<'));
  const leaf = random.pick(leaves.length ? leaves : all);
  const element = random.pick(all);
  const { start, tagEnd, close, end, name } = element;
  const nameEnd = start + 1 + name.length;
  const renamed = (to) =>
    `<${to}${text.slice(nameEnd, close)}${text.slice(close, end).replace(`</${name}`, `</${to}`)}`;
  switch (random.below(14)) {
    case 0:
    case 1:
      return cut(text, leaf.tagEnd, leaf.close, random.pick(tokens.xmlTexts));
    case 2:
      return changeByte(random, text);
    case 3:
      return cut(text, start, end);
    case 4:
      return cut(text, end, end, text.slice(start, end));
    case 5:
      return cut(
        text,
        start,
        end,
        renamed(random.pick(['other', `p:${name}`, random.pick(all).name, name.toUpperCase(), `a:b:${name}`])),
      );
    case 6:
      return cut(
        text,
        end,
        end,
        random.pick(['\n  ', 'text', '<!-- x -->', '<?pi?>', '<other><x/></other>', '<![CDATA[t]]>', '&#32;']),
      );
    case 7:
      return cut(
        text,
        nameEnd,
        nameEnd,
        random.pick([
          ' z="1"',
          " z = '>'",
          ' xmlns="urn:x"',
          ' xmlns:p="urn:p"',
          '\n',
          ' z=1',
          ' z',
          ' a="&lt;"',
          ' a="<"',
        ]),
      );
    case 8: {
      const attribute = all.flatMap((each) =>
        each.attributes.map((found) => ({ at: each.start + found.index, found })),
      );
      if (!attribute.length) return changeByte(random, text);
      const { at, found } = random.pick(attribute);
      const changed = random.pick([
        '',
        `${found[0]}${found[0]}`,
        ` ${found[1]}="${random.pick(tokens.xmlTexts)}"`,
        ` ${found[1]}='${found[2]}'`,
        ` p:${found[1]}="${found[2]}"`,
        ` ${found[1].toUpperCase()}="${found[2]}"`,
      ]);
      return cut(text, at, at + found[0].length, changed);
    }
    case 9:
      return (
        random.pick([
          '<?xml version="1.0" encoding="UTF-8"?>\n',
          '<!DOCTYPE a>',
          '\n',
          '<!-- -->',
          '<?xml version="1.1"?>',
          'x',
          '\xef\xbb\xbf',
        ]) + text
      );
    case 10:
      return text + random.pick(['\n', '<!-- -->', '<a/>', 'x', text]);
    case 11:
      return cut(text, tagEnd - 1, end, random.pick(['/>', ' />', '/ >', '>']));
    default: {
      // Swaps two elements.
      const [first, second] = [element, random.pick(all)].sort((a, b) => a.start - b.start);
      if (first.end > second.start) return cut(text, start, end, renamed('other'));
      return (
        text.slice(0, first.start) +
        text.slice(second.start, second.end) +
        text.slice(first.end, second.start) +
        text.slice(first.start, first.end) +
        text.slice(second.end)
      );
    }
  }
}

const changes = { json: changeJson, xml: changeXml, cbor: changeByte };

/** The document with one change, rarely with two or three. */
export function mutateDocument(random, codec, document) {
  let text = document.toString('latin1');
  do text = changes[codec](random, text);
  while (random.chance(0.2));
  return Buffer.from(text, 'latin1');
}
