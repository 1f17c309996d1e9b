import { svelte } from '@sveltejs/vite-plugin-svelte';

export default {
  plugins: [svelte()],
  server: { proxy: { '/echo': { target: 'ws://localhost:8080', ws: true } } },
};
