const indentation = '  ';

const withoutSpace = (text: string): string => text.replace(/\s/g, '');

/** XML with each element in a line of its own. Elements with text stay in one line. What is no XML stays as it is. */
function prettyXml(text: string): string {
  const lines: string[] = [];
  let depth = 0;
  const pieces = text.match(/<[^>]+>[^<]*/g) ?? [];
  for (let at = 0; at < pieces.length; at += 1) {
    let piece = (pieces[at] ?? '').trim();
    const isClosing = piece.startsWith('</');
    const isAlone = piece.endsWith('/>') || piece.startsWith('<?') || piece.startsWith('<!');
    if (isClosing) depth -= 1;
    const indent = indentation.repeat(Math.max(depth, 0));
    // <name>text</name>
    if (!isClosing && !isAlone) {
      const next = pieces[at + 1]?.trim() ?? '';
      if (next.startsWith('</')) {
        piece += next;
        at += 1;
      } else {
        depth += 1;
      }
    }
    lines.push(indent + piece);
  }
  const made = lines.join('\n');
  return withoutSpace(made) === withoutSpace(text) ? made : text;
}

/** A JSON or XML document with line breaks and indentation; other text unchanged. */
export function pretty(text: string): string {
  const beginning = text.trimStart()[0] ?? '';
  if ('{['.includes(beginning) && beginning !== '') {
    try {
      return JSON.stringify(JSON.parse(text), undefined, indentation);
    } catch {
      return text;
    }
  }
  return beginning === '<' ? prettyXml(text) : text;
}
