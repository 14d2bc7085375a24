import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, type RuntimeStack, startRuntimeStack } from './runtime-stack.ts';
import { bytesOf } from './workspace.ts';

let stack: RuntimeStack;

beforeAll(async () => {
  stack = await startRuntimeStack();
});

afterAll(() => stack.close());

const get = (path: string, headers?: Record<string, string>) =>
  stack.request({ method: 'GET', path, headers });

/** The text of an answer, decompressed as a browser does it. */
async function textOf(answer: Answer): Promise<string> {
  const bytes = bytesOf(answer);
  const encoding = answer.headers?.['content-encoding'];
  if (encoding === 'br') return String(await promisify(brotliDecompress)(bytes));
  return String(encoding === 'gzip' ? await promisify(gunzip)(bytes) : bytes);
}

/** The script that a page loads, by its path on the host. */
const scriptOf = (page: string) => /<script[^>]* src="([^"]+\.js)"/.exec(page)?.[1] ?? '';

test('the dashboard is served with its script, in brotli or gzip', async () => {
  const answer = await get('/app');
  const page = await textOf(answer);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-encoding': 'br' } });
  expect(page).toMatch(/<html/i);
  const script = await get(scriptOf(page), { 'accept-encoding': 'gzip' });
  expect(script).toMatchObject({
    statusCode: 200,
    headers: { 'content-encoding': 'gzip', 'content-type': 'text/javascript; charset=utf-8' },
  });
  expect(await textOf(script)).toContain('createElement');
});

test('HEAD of the dashboard is answered like GET', async () => {
  const { statusCode } = await stack.request({ method: 'HEAD', path: '/app/links' });
  expect(statusCode).toBe(200);
});

test('the API reference is served with its viewer', async () => {
  const answer = await get('/docs');
  expect(answer.statusCode).toBe(200);
  expect(await textOf(answer)).toMatch(/<html/i);
  const viewer = await get('/docs/swagger-ui.css');
  expect(viewer.statusCode).toBe(200);
  expect(await textOf(viewer)).toContain('.swagger-ui');
});

test('the OpenAPI document is served to every origin', async () => {
  const answer = await get('/api/v1/openapi.json');
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'access-control-allow-origin': '*' } });
  expect(JSON.parse(await textOf(answer))).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
});

test('unknown routes of the API get 404 and wrong methods 405, as JSON', async () => {
  const unknown = await get('/api/v1/nothing');
  expect([unknown.statusCode, JSON.parse(await textOf(unknown)).code]).toEqual([404, 'unknown_route']);
  const wrong = await stack.request({ method: 'DELETE', path: '/api/v1/workspaces' });
  expect(wrong).toMatchObject({ statusCode: 405, headers: { allow: 'GET' } });
});
