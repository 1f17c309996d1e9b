import react from '@vitejs/plugin-react';

export default {
  plugins: [react()],
  server: { proxy: { '/echo': { target: 'ws://localhost:8080', ws: true } } },
};
