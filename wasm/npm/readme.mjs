import { typeText } from './typescript.mjs';

/** Generates the README of a package. */
export function readme({ name, description, types }) {
  const structs = types.filter((type) => !type.type && type.enumerators.length === 0);
  // The last struct is an example, because it uses the others.
  const shown = structs.at(-1) ?? types.at(-1);
  const rows = types.map(
    (type) => `| \`${type.name}\` | ${[tableCell(type.doc), formOf(type)].filter(Boolean).join(' ')} |`,
  );
  return `# ${name}

${description || `Typed messages over WebSockets, in JSON and in XML.`}

\`\`\`ts
import { connect, json, ${shown.name} } from '${name}';

const socket = await connect<${shown.name}>(url, { codec: json(${shown.name}) }); // or xml(${shown.name})
for await (const message of socket) console.log(message);
\`\`\`

Each name is a TypeScript type, and a description of it at run time:

\`\`\`ts
${shown.name}.is(value);                  // true or false
${shown.name}.check(value);               // the value, or an error with the path of the mismatch
${shown.name}.parse(value);               // a copy with only the described members, or the error
json(${shown.name}).encode(message);      // text
json(${shown.name}).decode(text);         // checked; for xml() without a connection, await initXml() first
\`\`\`

| type | |
|---|---|
${rows.join('\n')}

Vite, webpack and Rollup copy the \`.wasm\` files automatically. For Vite's development server before version 8 set
\`optimizeDeps: { exclude: ['${name}'] }\`. Where there is no WebAssembly, or a Content-Security-Policy forbids it, import
\`'${name}/js'\`.

The types are generated from C++ headers. The package contains the twinsocket client and exports all of it; its licence is in
\`dist/client/LICENSE\`. In Node before version 22 install \`ws\` too.
`;
}

function formOf(type) {
  const text = type.type
    ? typeText(type.type)
    : type.enumerators.length > 0
      ? type.enumerators.map(({ name }) => `'${name}'`).join(' | ')
      : `{ ${type.members.map(({ name }) => name).join(', ')} }`;
  return `\`${tableCell(text)}\``;
}

/** Escapes a text for a table cell: one line, without bars. */
function tableCell(text) {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
