import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { create, list, delete as remove } from '../../../lambdas/hooks/handlers.ts';
import { hookId, hookUrl } from '../../../lambdas/hooks/hook.ts';
import { readHooks } from '../../../lambdas/hooks/store.ts';
import { createLink } from '../../../lambdas/links/store.ts';
import { table as client } from '../../../lambdas/table.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { update } from '../links/link-calls.ts';

const ONE = 'https://hooks.example.com/one';
const SPELLINGS = [
  ONE,
  `${ONE}#`,
  `${ONE}#x`,
  `${ONE}?`,
  `${ONE}?#`,
  `${ONE}?#x?y`,
  'https://hooks.example.com./one',
  'https://HOOKS.Example.COM.:443/one?#',
  'HTTPS://hooks.example.com/one',
  'https:\\\\hooks.example.com\\one',
  ' https://hooks.example.com/one\n',
];
const OTHERS = [`${ONE}/`, `${ONE}?a`, 'https://hooks.example.com/One', 'http://hooks.example.com/one'];

const table = engineTable();
const pathParameters = { link_id: '1' };
const subscribe = (url: string) => call(create, { method: 'POST', json: { url }, pathParameters });
const urls = async () => (await call(list, { pathParameters })).body.map(({ url }: { url: string }) => url);
const hookItems = () => table.keys(' HOOK#');

/** Stores a webhook in the spelling that older versions stored. */
async function storeAsBefore(url: string, hook_id: string, created_at: string): Promise<void> {
  await table.put({ pk: 'LINK#1', sk: `HOOK#${hook_id}`, hook_id, url, created_at });
}

beforeEach(async () => {
  await createLink(1, { url: 'https://example.com/', slug: '/sale' });
});

test('every spelling of one URL is one webhook with one id; another path, query or scheme is another webhook', async () => {
  for (const url of SPELLINGS) expect((await subscribe(url)).body).toMatchObject({ url: ONE });
  expect(await hookItems()).toHaveLength(1);
  expect(new Set(SPELLINGS.map((url) => hookId('LINK#1', url))).size).toBe(1);
  for (const url of OTHERS) expect((await subscribe(url)).status).toBe(201);
  expect(await hookItems()).toHaveLength(1 + OTHERS.length);
});

test('a list with one URL in several spellings stores it once', async () => {
  expect((await update({ id: 1, webhooks: [...SPELLINGS, ...OTHERS] })).body.webhooks.sort()).toEqual(
    [ONE, ...OTHERS].sort(),
  );
});

test('all spellings of any URL normalise to one, which normalises to itself', () => {
  const spelt = fc.tuple(
    fc.webUrl({ withQueryParameters: true }),
    fc.constantFrom('', '#', '#x', '#?'),
    fc.constantFrom('', '.'),
    fc.boolean(),
  );
  fc.assert(
    fc.property(spelt, ([written, fragment, dot, upper]) => {
      const url = new URL(written);
      const host = `${upper ? url.host.toUpperCase() : url.host}${dot}`;
      const emptyQuery = url.search === '' && upper ? '?' : url.search;
      const other = `${url.protocol}//${host}${url.pathname}${emptyQuery}${fragment}`;
      const plain = `${url.origin}${url.pathname}${url.search}`;
      expect(hookUrl(other)).toBe(plain);
      expect(hookUrl(plain)).toBe(plain);
    }),
  );
});

test.each(SPELLINGS)('?url=%j deletes the webhook', async (url) => {
  await subscribe(ONE);
  const answer = await call(remove, {
    method: 'DELETE',
    pathParameters,
    query: `url=${encodeURIComponent(url)}`,
  });
  expect(answer.status).toBe(200);
  expect(await urls()).toEqual([]);
});

describe('spellings that were stored by older versions', () => {
  beforeEach(async () => {
    await storeAsBefore(`${ONE}#x`, 'a'.repeat(32), '2025-01-01');
    await storeAsBefore(`${ONE}?`, 'b'.repeat(32), '2025-01-02');
    await storeAsBefore('https://hooks.example.com./one', 'c'.repeat(32), '2025-01-03');
  });

  test('are one webhook for a click and for a list: the oldest', async () => {
    const hooks = await readHooks('LINK#1', { table: client, tableName: 'main' });
    expect(hooks).toMatchObject([{ hook_id: 'a'.repeat(32), url: `${ONE}#x` }]);
    expect(await urls()).toEqual([`${ONE}#x`]);
    expect((await subscribe(ONE)).status).toBe(200);
  });

  test.each([
    ['?url= as it was stored', () => ({ query: `url=${encodeURIComponent(`${ONE}#x`)}`, pathParameters })],
    ['?url= in another spelling', () => ({ query: `url=${encodeURIComponent(ONE)}`, pathParameters })],
    ['the URL in the path', () => ({ pathParameters: { ...pathParameters, hook_id: `${ONE}#x` } })],
    ['the hook_id', () => ({ pathParameters: { ...pathParameters, hook_id: 'b'.repeat(32) } })],
  ])('are all deleted by %s', async (_name, options) => {
    expect((await call(remove, { method: 'DELETE', ...options() })).status).toBe(200);
    expect(await hookItems()).toEqual([]);
  });

  test('are all replaced by the one that is saved', async () => {
    expect((await update({ id: 1, webhooks: ONE })).body.webhooks).toEqual([ONE]);
    expect(await hookItems()).toHaveLength(1);
  });
});
