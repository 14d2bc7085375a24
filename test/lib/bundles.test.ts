import { isBuiltin } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { ENTRIES } from '../../lib/bundles/bundle-functions.ts';
import { type RedirectSdk, redirectOptions, replacedIn } from '../../lib/bundles/options.ts';

/** The code of the redirect's bundle, and the sources in it. */
async function bundled(sdk: RedirectSdk) {
  const { outputFiles = [], metafile } = await build({
    ...redirectOptions(sdk, '.'),
    outdir: 'bundles',
    write: false,
    metafile: true,
  });
  const text = (name: string) => outputFiles.find(({ path }) => path.endsWith(`/${name}.js`))?.text ?? '';
  const inputs = Object.keys(metafile?.outputs['bundles/index.js']?.inputs ?? {});
  return { code: text('index'), later: text('user-agent'), inputs };
}

const lean = await bundled('lean');
const full = await bundled('full');

test('every endpoint is an export of the file that its entity bundles', async () => {
  for (const { id, entry, handler } of ENDPOINTS) {
    const handlers = await import(`../../lambdas/${entry}`);
    expect([id, typeof handlers[handler]]).toEqual([id, 'function']);
    expect(ENTRIES).toContain(entry);
  }
});

describe('the bundle of the redirect', () => {
  test('has our own AWS client, logger and metrics instead of the libraries', () => {
    expect(lean.inputs.filter((path) => /lean-sdk/.test(path)).length).toBeGreaterThan(7);
    expect(lean.inputs.join()).not.toMatch(/node_modules\/(@aws-sdk|@smithy|@aws-lambda-powertools)\//);
  });

  test('is smaller than 110 kB', () => {
    expect(Buffer.byteLength(lean.code)).toBeLessThan(110_000);
  });

  test('loads the parsers of user agents only when a visitor needs them', () => {
    expect(lean.code).toContain('require("./user-agent.js")');
    expect(lean.inputs.join()).not.toContain('node_modules/bowser/');
    expect(lean.later).toContain('describeUserAgent');
  });

  test.each([lean, full])(
    'has neither the schemas of the API nor the words that they understand',
    ({ inputs }) => {
      expect(inputs.join()).not.toMatch(/node_modules\/(zod|i18n-iso-countries)\/|links\/rules\//);
    },
  );

  test.each([lean, full])(
    'imports nothing at run time, which would turn modules of Node into ES modules',
    ({ code }) => {
      expect(/[^.\w]import\(/.test(code)).toBe(false);
    },
  );

  test.each([lean, full])('holds all it needs except what Node has', ({ code }) => {
    const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
    expect(required.length).toBeGreaterThan(0);
    const own = required.filter((name) => !isBuiltin(name));
    expect(own).toEqual(['./user-agent.js']);
  });
});

describe('the bundle of the redirect with the AWS SDK', () => {
  test('replaces each part of the SDK that can do nothing in Lambda', () => {
    expect(replacedIn(full.inputs)).toBe(4);
  });

  test.each(['AssumeRole', '/latest/meta-data/iam', 'SSOServiceException', 'HeaderMarshaller'])(
    'has no code for %s',
    (text) => {
      expect(full.code.includes(text)).toBe(false);
    },
  );
});
