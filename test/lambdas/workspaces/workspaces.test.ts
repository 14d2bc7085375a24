import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { hashApiKey } from '../../../lambdas/keys/key.ts';
import type { CreatedWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { create, get, list, save } from '../../../lambdas/workspaces/handlers.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';

const table = engineTable();
const made = async (request?: object) =>
  (await create(request)) as Extract<CreatedWorkspace, { key: string }>;

describe('creating a workspace', () => {
  beforeEach(() => table.clear());

  test('returns an id and a valid key, and stores only the hash of the key', async () => {
    const { id, key } = await made();
    expect(id).toBe(1);
    expect(key).toMatch(/^ck_[\w-]{43}$/);
    expect(JSON.stringify(await table.all())).not.toContain(key);
    expect(await table.read(`KEY#${hashApiKey(key)}`, 'KEY')).toBeDefined();
    expect((await call(list, { key })).body).toEqual([{ id: 1, name: 'My workspace' }]);
  });

  test('creates another one each time, with its own key', async () => {
    const [first, second] = [await made({ name: 'One' }), await made({ name: 'Two' })];
    expect([first.id, second.id]).toEqual([1, 2]);
    expect(first.key).not.toBe(second.key);
    expect((await call(list, { key: second.key })).body).toEqual([{ id: 2, name: 'Two' }]);
  });

  test('with a chosen key uses it, and repeating the call changes nothing', async () => {
    expect(await made({ key: 'ck_test_own' })).toEqual({ id: 1, key: 'ck_test_own' });
    const writes = table.writes.length;
    expect(await made({ key: 'ck_test_own' })).toEqual({ id: 1, key: 'ck_test_own' });
    expect(table.writes).toHaveLength(writes);
  });

  test.each(['before', 'after'] as const)(
    'that dies %s its write has made all of it or nothing',
    async (when) => {
      table.crashAt(1, when);
      await expect(create({ key: 'ck_test_own' })).rejects.toThrow('crash');
      jest.restoreAllMocks();
      expect((await call(list, { key: 'ck_test_own' })).status).toBe(when === 'before' ? 401 : 200);
      expect((await table.keys('WORKSPACE#1 SETTINGS')).length).toBe(when === 'after' ? 1 : 0);
      expect(await made({ key: 'ck_test_own' })).toMatchObject({ id: when === 'before' ? 2 : 1 });
    },
  );

  test('with a key that is taken at the same time returns the workspace that has it, and leaves no other behind', async () => {
    table.beforeWrite = async (description) => {
      if (!description.startsWith('Put KEY#')) return;
      await table.put({ pk: `KEY#${hashApiKey('ck_test_own')}`, sk: 'KEY', workspace_id: 9 });
    };
    expect(await made({ key: 'ck_test_own' })).toEqual({ id: 9, key: 'ck_test_own' });
    expect(await table.keys('WORKSPACE#')).toEqual([]);
  });
});

test('an additional key is valid for the workspace that it was created for', async () => {
  await made();
  expect(await made({ workspace_id: 1, key: 'ck_test_more' })).toEqual({ id: 1, key: 'ck_test_more' });
  expect((await call(list, { key: 'ck_test_more' })).body).toMatchObject([{ id: 1 }]);
});

test.each([
  [{ workspace_id: 7 }, 'not_found'],
  [{ key: 'ck_test_two', workspace_id: 1 }, 'conflict'],
  [{ name: '' }, 'invalid_input'],
  [{ name: 7 }, 'invalid_input'],
  [{ key: 'short' }, 'invalid_input'],
  [{ key: 'has a blank in it' }, 'invalid_input'],
  [{ workspace_id: 'x' }, 'invalid_input'],
  [{ workspace_id: 1, scopes: ['read'] }, 'invalid_input'],
  ['text', 'invalid_input'],
])('%j gets a sentence, and nothing is written', async (request, code) => {
  await made();
  await made({ key: 'ck_test_two' });
  const writes = table.writes.length;
  expect(await create(request)).toEqual({ error: expect.any(String), code });
  expect(table.writes).toHaveLength(writes);
});

describe('settings', () => {
  const path = { pathParameters: { workspace_id: '1' } };
  const patch = (json: unknown, key?: string) =>
    call(save, { method: 'PATCH', json, ...path, ...(key ? { key } : {}) });

  test('have defaults, and those that are sent change while others stay', async () => {
    const before = {
      id: 1,
      name: 'Workspace 1',
      inserted_at: '2025',
      excluded_ips: [],
      skip_crawlers: false,
      privacy: 'standard',
      webhooks: [],
    };
    expect(await call(get, path)).toMatchObject({ status: 200, body: before });
    const excluded_ips = ' 203.0.113.7\r\n\n2001:db8::/32\n203.0.113.7';
    const after = { ...before, excluded_ips: ['203.0.113.7', '2001:db8::/32'], skip_crawlers: true };
    expect((await patch({ excluded_ips, skip_crawlers: 'true' })).body).toEqual(after);
    expect((await patch({ privacy: 'strict', unknown: 1 })).body).toEqual({ ...after, privacy: 'strict' });
    expect((await call(get, path)).body).toEqual({ ...after, privacy: 'strict' });
  });

  test('that are flags stay when they are null or blank', async () => {
    expect((await patch({ skip_crawlers: 'Yes' })).body.skip_crawlers).toBe(true);
    for (const skip_crawlers of [null, '', ' ']) {
      expect(await patch({ skip_crawlers })).toMatchObject({ status: 200, body: { skip_crawlers: true } });
    }
    expect((await patch({ skip_crawlers: 'Off' })).body.skip_crawlers).toBe(false);
  });

  test.each([
    [{}, 'body'],
    [{ name: ' ' }, 'name'],
    [{ name: null }, 'name'],
    [{ excluded_ips: '203.0.113.7\nx' }, 'excluded_ips'],
    [{ excluded_ips: ['203.0.113.0/33'] }, 'excluded_ips'],
    [{ excluded_ips: ['fe80::1%eth0'] }, 'excluded_ips'],
    [{ excluded_ips: 7 }, 'excluded_ips'],
    [{ excluded_ips: Array.from({ length: 201 }, (_, n) => `203.0.113.${n}`) }, 'excluded_ips'],
    [{ skip_crawlers: 'perhaps' }, 'skip_crawlers'],
    [{ privacy: 'none' }, 'privacy'],
  ])('%j is a 422 at the field, and nothing is written', async (json, field) => {
    expect(await patch(json)).toMatchObject({
      status: 422,
      body: { errors: { [field]: [expect.any(String)] } },
    });
    expect(table.writes).toEqual([]);
  });

  test('name the wrong line', async () => {
    const { body } = await patch({ excluded_ips: '203.0.113.7\nx' });
    expect(body.errors.excluded_ips).toEqual([expect.stringMatching(/^line 2 is neither/)]);
  });

  test('contain no other attribute of their item', async () => {
    const all = Object.keys((await call(get, path)).body);
    await patch({ webhooks: 'https://8.8.8.8/' });
    expect(Object.keys((await call(get, path)).body)).toEqual(all);
    expect(Object.keys((await patch({ name: 'x' })).body)).toEqual(all);
  });

  test.each([
    '192.0.2.1,192.0.2.2',
    '192.0.2.1, 192.0.2.2',
    '192.0.2.1;192.0.2.2',
    '192.0.2.1 \t192.0.2.2\n',
    ' ,192.0.2.1\r\n;192.0.2.2, ',
    ['192.0.2.1,192.0.2.2', ''],
    ['192.0.2.1\n192.0.2.2'],
  ])('accept addresses however they are separated: %j', async (excluded_ips) => {
    expect((await patch({ excluded_ips })).body.excluded_ips).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test.each(['192.0.2.1|192.0.2.2', '192.0.2.1-192.0.2.9', '192.0.2.1 and 192.0.2.2'])(
    'say how addresses are separated: %j',
    async (excluded_ips) => {
      expect((await patch({ excluded_ips })).body.errors).toEqual({
        excluded_ips: [
          'line 1 is neither an IP address nor a range such as 203.0.113.0/24. Separate entries with line breaks, commas or spaces',
        ],
      });
    },
  );

  test('of another workspace are a 404', async () => {
    expect((await patch({ name: 'Mine' }, OTHER_KEY)).status).toBe(404);
    expect((await call(get, { ...path, key: OTHER_KEY })).status).toBe(404);
    expect(table.writes).toEqual([]);
  });
});
