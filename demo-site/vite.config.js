import { defineConfig } from 'vite';
import { precompress } from './precompress.js';
import { extractSamples } from './samples/extract.js';

const outDir = '../build/demo-site';

/** The module `virtual:samples`: the code that the page shows. */
const samples = {
  name: 'samples',
  resolveId: (id) => (id === 'virtual:samples' ? `\0${id}` : undefined),
  load: (id) => (id === '\0virtual:samples' ? `export default ${JSON.stringify(extractSamples())};` : undefined),
};

/** Indentation is 5 % of the page as it is transferred. The page has no preformatted text. */
const unindented = {
  name: 'unindented',
  transformIndexHtml: { order: 'post', handler: (html) => html.replace(/\n\s+/g, '\n') },
};

export default defineConfig({
  // Relative URLs, so that any host can serve the folder under any path.
  base: './',
  build: {
    outDir,
    emptyOutDir: true,
    // The server's Content-Security-Policy does not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Private fields and static blocks as they are, which is shorter. The style sheets need browsers that are newer anyway.
    target: 'es2022',
  },
  plugins: [samples, unindented, { name: 'precompress', apply: 'build', closeBundle: () => precompress(outDir) }],
  // The package is a linked folder outside of this one. Pre-bundling would lose its .wasm file.
  optimizeDeps: { exclude: ['demo-messages'] },
  server: { fs: { allow: ['.', '../build/npm', '../build/wasm'] } },
});
