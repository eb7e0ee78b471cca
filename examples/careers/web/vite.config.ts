import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // What `ashlar dev` serves.
  build: { outDir: '../public', emptyOutDir: true, modulePreload: { polyfill: false } },
  // While one works on the page, Vite serves it and passes on what is for the API.
  server: { proxy: { '/rest': 'http://127.0.0.1:4000', '/dev': 'http://127.0.0.1:4000' } },
});
