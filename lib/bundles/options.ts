import type { BuildOptions } from 'esbuild';
import { lambdaOnly } from './lambda-only.ts';
import { ROOT } from './root.ts';

/** How functions are bundled: each into one minified file, from ES modules wherever a package has them. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  // An `import()` of a module of Node's makes it an ES module, with all its lazy parts: 10 ms for node:http.
  supported: { 'dynamic-import': false },
  plugins: [lambdaOnly],
  absWorkingDir: ROOT,
  logLevel: 'warning',
} satisfies BuildOptions;
