import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalStack, startLocal } from './local-stack.ts';

let stack: LocalStack;
let linkId: number;

beforeAll(async () => {
  stack = await startLocal();
  const { body } = await stack.call('POST', '/link', { url: 'https://example.com/', slug: '/kept' });
  linkId = body.id;
});

afterAll(async () => {
  await stack?.stop();
});

/** Everything that the API shows of the workspace. */
async function state(): Promise<string> {
  const parts = await Promise.all(
    [
      '/workspaces',
      '/workspace/1/list_links',
      '/workspace/1/webhooks',
      `/link/${linkId}`,
      `/link/${linkId}/webhooks`,
    ].map((path) => stack.call('GET', path)),
  );
  return JSON.stringify(parts);
}

const is4xx = (status: number) => status >= 400 && status < 500;

const WRITES = (id: number): [string, string][] => [
  ['POST', '/link'],
  ['POST', '/workspace/1/links'],
  ['POST', `/link/${id}/webhooks`],
  ['POST', '/workspace/1/webhooks'],
];

test('no bad body yields a 5xx or changes anything, and every answer says what to do', async () => {
  const before = await state();
  const bodies = [
    undefined,
    '',
    '{',
    '[]',
    '"text"',
    '7',
    'null',
    '{"__proto__":{"url":"https://x.example/"}}',
    '{"url":7}',
    '{"url":null}',
    '{"url":["https://x.example/"]}',
    '{"url":"javascript:alert(1)"}',
    '{"url":"http://169.254.169.254/"}x',
    `{"url":"https://x.example/${'a'.repeat(5 * 1024 * 1024)}"}`,
    '{"url":"https://"}',
    '{"id":"abc","url":"https://x.example/"}x',
  ];
  for (const [method, path] of WRITES(linkId)) {
    for (const body of bodies) {
      const answer = await stack.call(method, path, body);
      expect({ path, body: body?.slice(0, 60), is4xx: is4xx(answer.status) }).toEqual({
        path,
        body: body?.slice(0, 60),
        is4xx: true,
      });
      expect(answer.body.error.length).toBeGreaterThan(5);
    }
  }
  expect(await state()).toBe(before);
});

test('unknown routes and wrong methods get our own JSON answer', async () => {
  expect(await stack.call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await stack.call('PUT', '/link')).toMatchObject({
    status: 405,
    body: { code: 'method_not_allowed' },
  });
  expect(await stack.call('GET', '/link/%')).toMatchObject({ status: 404 });
  expect(is4xx((await stack.call('GET', '//link')).status)).toBe(true);
});

test('another workspace, a missing link and a wrong key are told apart only where they may be', async () => {
  const before = await state();
  const missing = await stack.call('GET', '/link/999999');
  expect(missing).toEqual({ status: 404, body: { error: 'Not found', code: 'not_found' } });
  for (const [method, path] of [
    ['GET', '/workspace/2/webhooks'],
    ['POST', '/workspace/2/webhooks'],
    ['POST', '/workspace/2/links'],
    ['GET', '/workspace/2/list_links'],
    ['DELETE', `/workspace/2/links/${linkId}`],
  ] as const) {
    expect(
      await stack.call(method, path, method === 'POST' ? { url: 'https://x.example/' } : undefined),
    ).toEqual(missing);
  }
  expect(await stack.call('GET', '/workspaces', undefined, { authorization: 'Bearer ck_wrong' })).toEqual({
    status: 401,
    body: { error: 'Not authorized', code: 'unauthorized' },
  });
  expect(await state()).toBe(before);
});

test('a taken or reserved slug is refused with the reason at the field', async () => {
  for (const slug of ['/kept', '/api/x', '/inbox', '/a b', '/a//b', '/..']) {
    const answer = await stack.call('POST', '/link', { url: 'https://example.com/', slug });
    expect([slug, answer.status]).toEqual([slug, 422]);
    expect(answer.body.errors.slug).toHaveLength(1);
  }
});
