import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page is served below /app, by hashed names that may be kept for ever. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  build: { assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
