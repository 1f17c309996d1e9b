import { typeText } from './typescript.mjs';

/** The README of a package. */
export function readme({ name, description, types }) {
  const structs = types.filter((type) => !type.type && type.enumerators.length === 0);
  // The last is made of the others.
  const shown = structs.at(-1) ?? types.at(-1);
  const rows = types.map((type) => `| \`${type.name}\` | ${[inRow(type.doc), formOf(type)].filter(Boolean).join(' ')} |`);
  return `# ${name}

${description || `Typed messages over WebSockets, in JSON and in XML.`}

\`\`\`ts
import { connect, json, ${shown.name} } from '${name}';

const socket = await connect<${shown.name}>(url, { codec: json(${shown.name}) }); // or xml(${shown.name})
for await (const message of socket) console.log(message);
\`\`\`

Each name is a TypeScript type, and a value that knows it at run time:

\`\`\`ts
${shown.name}.is(value);                  // true or false
${shown.name}.check(value);               // the value, or an error that names the path of what does not fit
json(${shown.name}).encode(message);      // text
json(${shown.name}).decode(text);         // checked
\`\`\`

| type | |
|---|---|
${rows.join('\n')}

Vite, webpack and Rollup take the \`.wasm\` file along by themselves; with Vite's development server before version 8:
\`optimizeDeps: { exclude: ['${name}'] }\`.

The types come from C++ headers. The client is twinsocket's, with all that it exports: its licence is in
\`dist/client/LICENSE\`. In Node before version 22 install \`ws\` too.
`;
}

function formOf(type) {
  const text = type.type
    ? typeText(type.type)
    : type.enumerators.length > 0
      ? type.enumerators.map(({ name }) => `'${name}'`).join(' | ')
      : `{ ${type.members.map(({ name }) => name).join(', ')} }`;
  return `\`${inRow(text)}\``;
}

/** A row of a table is one line, and has its own use for bars. */
function inRow(text) {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
