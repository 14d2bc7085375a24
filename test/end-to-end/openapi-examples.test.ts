import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ERROR_ANSWERS } from '../../lambdas/site/error-answers.ts';
import { type ApiDocument, readApiDocument } from './api-document.ts';
import { type LocalStack, startLocal } from './local-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let stack: LocalStack;
let api: ApiDocument;

beforeAll(async () => {
  stack = await startLocal();
  api = await readApiDocument(stack);
});

afterAll(async () => {
  await stack?.stop();
});

type Example = { name: string; in: string; example?: string | number };

/** Creating comes before reading and changing, and deleting last. */
const ORDER = ['post', 'get', 'patch', 'delete'];

test('the request that the document prefills for each operation succeeds on a new local stack', async () => {
  // What only an answer tells: the example of the document is a placeholder.
  const told: Record<string, string> = {};
  const methods = (name: string) => ORDER.indexOf(name.split(' ')[0] ?? '');
  const all = [...api.operations].sort((a, b) => methods(a) - methods(b));
  const failed: string[] = [];
  for (const operation of all) {
    const [method = '', path = ''] = operation.split(' ');
    const { parameters, requestBody, operationId } = (api.document.paths[path] as any)[method];
    const examples = (place: string): [string, string | number][] =>
      (parameters as Example[])
        .filter((parameter) => parameter.in === place && parameter.example !== undefined)
        .map(({ name, example }) => [name, told[name] ?? (example as string | number)]);
    const body = requestBody?.content['application/json'].example;
    // Each way of deleting needs something to delete.
    if (operationId === 'deleteLinks') await stack.call('POST', '/link', { id: 1, deleted: false });
    if (method === 'delete' && path.includes('/webhooks')) {
      const owner = path
        .replace('/api/v1', '')
        .replace(/\{\w+\}/, '1')
        .replace(/\/\{hook_id\}/, '');
      const { body: hook } = await stack.call('POST', owner, { url: 'https://example.com/webhook' });
      told.hook_id = hook.hook_id;
    }
    const query = Object.fromEntries(examples('query').map(([name, value]) => [name, String(value)]));
    const call = { operation, path: Object.fromEntries(examples('path')), query, body };
    let answer = await api.call(call);
    // The checks of a link and of its workspace share a limit of one per second.
    while (answer.status === 429) answer = await api.call(call);
    if (operationId === 'createKey') told.prefix = answer.body.prefix;
    if (answer.status >= 300) failed.push(`${operationId} ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  expect(failed).toEqual([]);
  expect(api.called.size).toBe(api.operations.length);
});

/** A call that ends with each error that a client can cause. */
const MISTAKES: [status: number, method: string, path: string, init: RequestInit][] = [
  [400, 'POST', '/link', { body: '{' }],
  [401, 'GET', '/workspaces', { headers: { authorization: 'Bearer nobody' } }],
  [404, 'GET', '/link/99999', {}],
  [409, 'DELETE', '/workspace/1/keys/OWN', {}],
  [413, 'POST', '/link', { body: JSON.stringify({ note: 'x'.repeat(1_100_000) }) }],
  [415, 'POST', '/link', { body: '{}', headers: { 'content-encoding': 'gzip' } }],
  [422, 'POST', '/link', { body: '{"url":"example"}' }],
];

test.each(MISTAKES)('the example of the error %i is a real answer', async (status, method, path, init) => {
  const keys = (await stack.call('GET', '/workspace/1/keys')).body;
  const own = keys.find(({ current }: { current: boolean }) => current).prefix;
  const answer = await fetch(`${stack.url}/api/v1${path.replace('OWN', own)}`, {
    method,
    ...init,
    headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/json', ...init.headers },
  });
  expect([answer.status, await answer.json()]).toEqual([status, ERROR_ANSWERS[status]?.example]);
});

const PROGRAM = `
import { defaults, getLink, saveLink } from './client.ts';

defaults.baseUrl = process.argv[2];
defaults.headers = { authorization: 'Bearer ck_local' };
const saved = await saveLink({ url: 'https://example.com/generated', name: 'Generated' });
if (saved.status !== 200 || Array.isArray(saved.data)) throw new Error(JSON.stringify(saved));
const read = await getLink(saved.data.id);
if (read.status !== 200) throw new Error(JSON.stringify(read));
console.log(read.data.full_url, read.data.name);
`;

test('a client generated from the document compiles and creates a link', async () => {
  const folder = await mkdtemp(join(ROOT, 'cdk.out', 'client-'));
  try {
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(api.document));
    const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);
    await run(bin('oazapfts'), [join(folder, 'openapi.json'), join(folder, 'client.ts')], { cwd: ROOT });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--allowImportingTsExtensions'];
    await run(bin('tsc'), [...options, '--ignoreConfig', '--types', 'node', join(folder, 'program.ts')], {
      cwd: ROOT,
    });
    const { stdout } = await run(process.execPath, [join(folder, 'program.ts'), stack.url], { cwd: folder });
    expect(stdout).toMatch(/^http:\/\/localhost:\d+\/\S+ Generated\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
