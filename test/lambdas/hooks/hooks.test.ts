import { beforeEach, describe, expect, test } from '@jest/globals';
import { create, list, delete as remove } from '../../../lambdas/hooks/handlers.ts';
import { createLink } from '../../../lambdas/links/store.ts';
import { startDnsServer } from '../../end-to-end/dns-server.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';

const table = engineTable();
let linkPath: { link_id: string };
const HOOK_URL = 'https://hooks.example.com/in?secret=1';
const hookItems = () => table.keys(' HOOK#');

beforeEach(async () => {
  const link = await createLink(1, { url: 'https://example.com/', slug: '/sale' });
  linkPath = { link_id: String(link.id) };
  table.writes = [];
});

describe.each([
  ['link', () => linkPath],
  ['workspace', () => ({ workspace_id: '1' })],
])('a webhook of a %s', (_level, path) => {
  const subscribe = (json: unknown, key?: string) =>
    call(create, { method: 'POST', json, pathParameters: path(), ...(key ? { key } : {}) });
  const listed = async () => (await call(list, { pathParameters: path() })).body;

  test('is 201 the first time and 200 with the same object after that, however its URL is spelled', async () => {
    const first = await subscribe({ url: HOOK_URL });
    expect(first.status).toBe(201);
    expect(Object.keys(first.body)).toEqual(['id', 'hook_id', 'url', 'created_at']);
    expect(first.body).toMatchObject({ id: HOOK_URL, url: HOOK_URL });
    const again = await subscribe({ url: 'HTTPS://HOOKS.example.com:443/in?secret=1' });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(table.writes.filter((write) => write.includes('HOOK#'))).toHaveLength(1);
  });

  test('with an option that webhooks do not have is rejected, and the option is named', async () => {
    for (const options of [{ enabled: false }, { events: ['click'], secret: 'x' }, { URL: HOOK_URL }]) {
      const answer = await subscribe({ url: HOOK_URL, ...options });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(Object.keys(answer.body.errors)).toEqual(Object.keys(options));
    }
    const query = `enabled=false&url=${HOOK_URL}`;
    expect(
      (await call(create, { method: 'POST', json: { url: HOOK_URL }, pathParameters: path(), query })).body
        .errors,
    ).toEqual({
      enabled: ['is not a field of this call. Remove it'],
      url: ['must be sent in the body, not in the query'],
    });
    expect(table.writes).toEqual([]);
    expect((await subscribe({ url: HOOK_URL, workspace_id: 1, api_key: 'ck_unused' })).status).toBe(201);
  });

  test('is listed oldest first, in a bare array', async () => {
    for (const [index, name] of ['c', 'a', 'b'].entries()) {
      const { body } = await subscribe({ url: `https://${name}.example.com/` });
      const item = (await table.all()).find(({ url }) => url === body.url);
      await table.put({ ...item, created_at: `2025-01-0${index + 1}` });
    }
    expect((await listed()).map(({ url }: { url: string }) => url)).toEqual([
      'https://c.example.com/',
      'https://a.example.com/',
      'https://b.example.com/',
    ]);
  });

  test('is rejected beyond 25', async () => {
    for (let n = 1; n <= 25; n++) await subscribe({ url: `https://hooks.example.com/${n}` });
    expect(await subscribe({ url: 'https://hooks.example.com/26' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await subscribe({ url: 'https://hooks.example.com/25' })).status).toBe(200);
    expect(await hookItems()).toHaveLength(25);
  });

  test.each([
    [{}],
    [{ url: null }],
    [{ url: 7 }],
    [{ url: [HOOK_URL] }],
    [{ url: 'javascript:alert(1)' }],
    [{ url: 'http://127.0.0.1/' }],
    [{ url: `${HOOK_URL}\nhttps://other.example.com/` }],
    [{ url: `${HOOK_URL}, https://other.example.com/` }],
    [{ url: `https://${HOOK_URL}` }],
    [{ url: `${HOOK_URL}\u200b` }],
    [{ url: 'https://links.example.com/api' }],
  ])('%j is a 422 at url, and nothing is written', async (json) => {
    expect(await subscribe(json)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: { url: [expect.any(String)] } },
    });
    expect(table.writes).toEqual([]);
  });

  test('with a private address is a 422 at url, and a host without an address yet is accepted', async () => {
    const dns = await startDnsServer();
    process.env.CLICKHOOK_DNS_SERVERS = dns.address;
    dns.zones.set('inside.example.com', ['10.0.0.1']);
    const inside = await subscribe({ url: 'https://inside.example.com/' });
    const later = await subscribe({ url: 'https://later.example.com/' });
    await dns.close();
    expect(inside).toMatchObject({
      status: 422,
      body: { errors: { url: ['must not point to a private or reserved address'] } },
    });
    expect(later.status).toBe(201);
    expect([dns.asked('inside.example.com'), dns.asked('later.example.com')]).toEqual([1, 1]);
  });

  test('cannot be created, seen or deleted with another workspace’s key', async () => {
    await subscribe({ url: HOOK_URL });
    const options = { key: OTHER_KEY, pathParameters: path() };
    for (const answer of [
      await subscribe({ url: HOOK_URL }, OTHER_KEY),
      await call(list, options),
      await call(remove, { ...options, method: 'DELETE', query: `url=${encodeURIComponent(HOOK_URL)}` }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { error: 'Not found', code: 'not_found' } });
    }
    expect(await hookItems()).toHaveLength(1);
  });

  test.each([
    ['its hook_id', (hook: any) => ({ pathParameters: { ...path(), hook_id: hook.hook_id } })],
    ['its URL in the path', () => ({ pathParameters: { ...path(), hook_id: HOOK_URL } })],
    [
      'its URL with // folded',
      () => ({ pathParameters: { ...path(), hook_id: HOOK_URL.replace('//', '/') } }),
    ],
    [
      'its URL still encoded',
      () => ({ pathParameters: { ...path(), hook_id: encodeURIComponent(HOOK_URL) } }),
    ],
    [
      'its URL cut off at ?',
      () => ({ pathParameters: { ...path(), hook_id: 'https:/hooks.example.com/in' } }),
    ],
    ['?url=', () => ({ query: `url=${encodeURIComponent(HOOK_URL)}`, pathParameters: path() })],
  ])('is deleted by %s, with a JSON body, and the second time is a 404', async (_name, options) => {
    const { body: hook } = await subscribe({ url: HOOK_URL });
    const other = (await subscribe({ url: 'https://other.example.com/' })).body;
    const request = { method: 'DELETE', ...options(hook) };
    expect(await call(remove, request)).toMatchObject({ status: 200, body: { ...hook, deleted: true } });
    expect(await listed()).toEqual([other]);
    expect((await call(remove, request)).status).toBe(404);
  });

  test('is not deleted when a cut-off URL matches several, or when none is named', async () => {
    await subscribe({ url: 'https://hooks.example.com/in?a' });
    await subscribe({ url: 'https://hooks.example.com/in?b' });
    const cut = await call(remove, {
      method: 'DELETE',
      pathParameters: { ...path(), hook_id: 'https:/hooks.example.com/in' },
    });
    expect(cut).toMatchObject({ status: 409, body: { error: expect.stringContaining('?url=') } });
    const unnamed = await call(remove, { method: 'DELETE', pathParameters: path() });
    expect(unnamed).toMatchObject({ status: 422, body: { errors: { url: [expect.any(String)] } } });
    const folded = await call(remove, {
      method: 'DELETE',
      pathParameters: { ...path(), hook_id: '%E0%A4%A' },
    });
    expect(folded.status).toBe(404);
    expect(await hookItems()).toHaveLength(2);
  });
});

test('with the same URL on a link and on its workspace is two webhooks with two ids', async () => {
  const onLink = await call(create, { method: 'POST', json: { url: HOOK_URL }, pathParameters: linkPath });
  const onWorkspace = await call(create, {
    method: 'POST',
    json: { url: HOOK_URL },
    pathParameters: { workspace_id: '1' },
  });
  expect([onLink.status, onWorkspace.status]).toEqual([201, 201]);
  expect(onLink.body.hook_id).not.toBe(onWorkspace.body.hook_id);
});

test.each([['0'], ['abc'], ['-1'], ['1.5'], ['999'], ['9'.repeat(30)], ['__proto__']])(
  'link %s is a 404',
  async (link_id) => {
    expect((await call(list, { pathParameters: { link_id } })).status).toBe(404);
  },
);
