import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page is served below /app. Its files have hashed names and may be cached forever. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  build: { assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
