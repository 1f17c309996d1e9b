import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses, so that the folder can be served from any place on any host.
  base: './',
  build: {
    outDir: '../build/demo-site',
    emptyOutDir: true,
    // A data: address would be refused by the Content-Security-Policy that the server sends.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // The package is a linked folder outside of this one and brings a .wasm file, which pre-bundling would lose.
  optimizeDeps: { exclude: ['demo-messages'] },
  server: { fs: { allow: ['.', '../build/npm'] } },
});
