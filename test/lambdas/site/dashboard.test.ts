import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dashboard as handler } from '../../../lambdas/site/handlers.ts';
import { httpEvent } from '../http-event.ts';

const MAX_SCRIPT_BYTES = 150 * 1024;

let bundle: string;
let script: string;

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'clickhook-dashboard-'));
  await promisify(execFile)(process.execPath, [
    'lib/bundles/build-data.ts',
    'dashboard',
    join(bundle, 'app'),
  ]);
  process.env.LAMBDA_TASK_ROOT = bundle;
  const names = await readdir(join(bundle, 'app', 'assets'));
  script = `assets/${names.find((name) => name.endsWith('.js.br'))?.replace(/\.br$/, '')}`;
});

afterAll(async () => {
  delete process.env.LAMBDA_TASK_ROOT;
  await rm(bundle, { recursive: true });
});

const open = (path: string, accepted = 'gzip, deflate, br') =>
  handler(httpEvent({ path, headers: { 'accept-encoding': accepted } }));

describe('the page', () => {
  test.each(['/app', '/app/', '/app/links/7', '/app/settings', '/app/../x'])(
    'is what %s shows, and is not cached',
    async (path) => {
      const { statusCode, headers = {}, body = '' } = await open(path);
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      });
      expect(brotliDecompressSync(Buffer.from(body, 'base64')).toString()).toContain(`src="/app/${script}"`);
    },
  );

  test('runs only scripts and calls of its own origin, loads images over TLS, and cannot be framed', async () => {
    const policy = String((await open('/app')).headers?.['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-/);
    expect(policy).toContain("img-src 'self' https: data:; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
  });
});

describe('a file of the page', () => {
  test('has a permanent name, and is sent in an encoding that the browser accepts', async () => {
    const inBrotli = await open(`/app/${script}`);
    expect(inBrotli.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
    const inGzip = await open(`/app/${script}`, 'gzip');
    expect(inGzip.headers?.['content-encoding']).toBe('gzip');
    const code = brotliDecompressSync(Buffer.from(inBrotli.body ?? '', 'base64'));
    expect(gunzipSync(Buffer.from(inGzip.body ?? '', 'base64')).equals(code)).toBe(true);
  });

  test('that does not exist is a 404', async () => {
    for (const path of [
      '/app/assets/gone-12345678.js',
      '/app/assets/../index.html',
      '/app/assets/x.txt',
      '/app/assets/',
    ]) {
      expect((await open(path)).statusCode).toBe(404);
    }
  });
});

test('all scripts together are at most 150 KB compressed', async () => {
  const folder = join(bundle, 'app', 'assets');
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js.br'));
  const sizes = await Promise.all(scripts.map(async (name) => (await stat(join(folder, name))).size));
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
});
