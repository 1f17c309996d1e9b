import { defineConfig } from 'vite';

export default defineConfig({
  // Relative URLs, so that any host can serve the folder under any path.
  base: './',
  build: {
    outDir: '../build/demo-site',
    emptyOutDir: true,
    // The server's Content-Security-Policy does not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The package is a linked folder outside of this one. Pre-bundling would lose its .wasm file.
  optimizeDeps: { exclude: ['demo-messages'] },
  server: { fs: { allow: ['.', '../build/npm', '../build/wasm'] } },
});
