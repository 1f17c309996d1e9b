// Prints the HTML of an example's component, rendered as on a server: node render.mjs NAME FOLDER. The process ends by itself
// only if the component opens no connection.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [name, folder] = process.argv.slice(2);
const load = (module) => import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve(module)));
const component = { react: 'Chat.tsx', vue: 'Chat.vue', svelte: 'Chat.svelte' }[name];

const { build } = await import('vite');
await build({ root: folder, logLevel: 'error', build: { ssr: component, outDir: 'server' } });
const { Chat, default: standard } = await import(pathToFileURL(join(folder, 'server/Chat.js')));

const render = {
  react: async () => {
    const [{ createElement }, { renderToString }] = await Promise.all([load('react'), load('react-dom/server')]);
    return renderToString(createElement(Chat));
  },
  vue: async () => {
    const [{ createSSRApp }, { renderToString }] = await Promise.all([load('vue'), load('vue/server-renderer')]);
    return renderToString(createSSRApp(standard));
  },
  svelte: async () => (await load('svelte/server')).render(standard).body,
};
console.log(await render[name]());
