import vue from '@vitejs/plugin-vue';

export default {
  plugins: [vue()],
  server: { proxy: { '/echo': { target: 'ws://localhost:8080', ws: true } } },
};
