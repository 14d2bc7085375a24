import { describe, expect, test } from '@jest/globals';
import { build, type OutputFile } from 'esbuild';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { ENTRIES } from '../../lib/bundles/bundle-functions.ts';
import { BUNDLE_OPTIONS, replacedIn } from '../../lib/bundles/options.ts';

const { outputFiles, metafile } = await build({
  ...BUNDLE_OPTIONS,
  entryPoints: ['lambdas/redirect/handler.ts'],
  outdir: 'bundles',
  write: false,
  metafile: true,
});
const code = (outputFiles as OutputFile[]).find(({ path }) => path.endsWith('.js'))?.text ?? '';

test('every endpoint is an export of the file that its entity bundles', async () => {
  for (const { id, entry, handler } of ENDPOINTS) {
    const handlers = await import(`../../lambdas/${entry}`);
    expect([id, typeof handlers[handler]]).toEqual([id, 'function']);
    expect(ENTRIES).toContain(entry);
  }
});

describe('the bundle of the redirect', () => {
  test('replaces each part of the SDK that has no use in Lambda', () => {
    expect(replacedIn(Object.keys(metafile.inputs))).toBe(4);
  });

  test.each(['AssumeRole', '/latest/meta-data/iam', 'SSOServiceException', 'HeaderMarshaller'])(
    'has no code for %s',
    (text) => {
      expect(code.includes(text)).toBe(false);
    },
  );

  test('has neither the schemas of the API nor the words that rules understand', () => {
    const inputs = Object.keys(metafile.inputs).join();
    expect(inputs).not.toMatch(/node_modules\/(zod|i18n-iso-countries)\/|links\/rules\//);
  });

  test('imports nothing at run time, because that would make Node’s modules ES modules', () => {
    expect(/[^.\w]import\(/.test(code)).toBe(false);
  });

  test('contains everything it needs except Node’s own modules', () => {
    const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(required.length).toBeGreaterThan(0);
    expect(required.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });
});
