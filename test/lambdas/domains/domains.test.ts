import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { handler as create } from '../../../lambdas/domains/create.ts';
import { handler as remove } from '../../../lambdas/domains/delete.ts';
import { handler as favicon } from '../../../lambdas/domains/favicon.ts';
import { handler as list } from '../../../lambdas/domains/list.ts';
import { call } from '../call.ts';
import { type FakeTable, KEY, OTHER_KEY, tableWithWorkspaces } from '../fake-table.ts';

let table: FakeTable;
const of = (key: string) => (key === KEY ? '1' : '2');
const add = (name: unknown, key = KEY) =>
  call(create, { method: 'POST', json: { name }, key, pathParameters: { workspace_id: of(key) } });
const listed = async (key = KEY) =>
  (await call(list, { key, pathParameters: { workspace_id: of(key) } })).body as { name: string }[];
const path = (domain: unknown, key: string) => ({ workspace_id: of(key), domain_id: String(domain) });
const drop = (domain: unknown, key = KEY) =>
  call(remove, { method: 'DELETE', key, pathParameters: path(domain, key) });
const setIcon = (domain: unknown, json: unknown, key = KEY) =>
  call(favicon, { method: 'PATCH', json, key, pathParameters: path(domain, key) });
const domainItems = () => [...table.items.keys()].filter((key) => key.includes('DOMAIN#'));

beforeEach(() => {
  table = tableWithWorkspaces();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('adding', () => {
  test('gives the domain to the workspace; the same again is the same', async () => {
    const { status, body } = await add(' GO.Example.com. ');
    expect(status).toBe(201);
    expect(body).toEqual({
      id: 1,
      name: 'go.example.com',
      host: 'go.example.com',
      favicon: null,
      inserted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    table.writes.length = 0;
    expect(await add('go.example.com')).toMatchObject({ status: 200, body });
    expect(table.writes).toEqual([]);
    expect(await listed()).toEqual([body]);
  });

  test('spells other alphabets as DNS does', async () => {
    expect((await add('bücher.example')).body.name).toBe('xn--bcher-kva.example');
  });

  test.each([
    [undefined],
    [null],
    [''],
    [7],
    ['localhost'],
    ['https://go.example.com'],
    ['go.example.com/x'],
    ['go.example.com:443'],
    ['192.0.2.1'],
    ['[2001:db8::1]'],
    ['a..example.com'],
    ['-a.example.com'],
    [`${'a'.repeat(64)}.example.com`],
    [`${'a.'.repeat(130)}com`],
    ['links.example.com'],
  ])('%j is a 422 at name, and nothing is written', async (name) => {
    expect(await add(name)).toMatchObject({
      status: 422,
      body: { errors: { name: [expect.any(String)] } },
    });
    expect(table.writes).toEqual([]);
  });

  test('another workspace’s domain is refused and leaves nothing behind', async () => {
    await add('go.example.com', OTHER_KEY);
    const before = domainItems();
    expect(await add('go.example.com')).toMatchObject({
      status: 422,
      body: { errors: { name: [expect.any(String)] } },
    });
    expect(domainItems()).toEqual(before);
    expect(await listed()).toEqual([]);
  });

  test('at the same instant as another workspace gives it to one of them', async () => {
    table.beforeWrite = (description) => {
      if (!description.startsWith('Put DOMAIN#')) return;
      table.put({
        pk: 'DOMAIN#go.example.com',
        sk: 'DOMAIN',
        name: 'go.example.com',
        workspace_id: 2,
        id: 9,
      });
    };
    expect((await add('go.example.com')).status).toBe(422);
    expect(domainItems()).toEqual(['DOMAIN#go.example.com DOMAIN']);
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
  ] as const)(
    'that dies at write %i (%s it) shows no half a domain, and a retry completes it',
    async (write, when) => {
      table.crash = { write, when };
      expect((await add('go.example.com')).status).toBe(503);
      table.crash = undefined;
      expect(await listed()).toEqual([]);
      expect((await add('go.example.com')).status).toBe(201);
      expect(await listed()).toMatchObject([{ name: 'go.example.com' }]);
    },
  );

  test('more than 100 is a 409 that says what to do', async () => {
    for (let number = 0; number < 100; number++) await add(`d${number}.example.com`);
    expect(await add('one-more.example.com')).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('delete one first') },
    });
    expect(await listed()).toHaveLength(100);
  });
});

describe('a list', () => {
  test('is oldest first, and the workspace’s own', async () => {
    for (const name of ['b.example.com', 'a.example.com']) await add(name);
    await add('c.example.com', OTHER_KEY);
    expect((await listed()).map(({ name }) => name)).toEqual(['b.example.com', 'a.example.com']);
  });
});

describe('deleting', () => {
  test.each([
    ['its id', 1],
    ['its name', 'GO.example.com'],
  ])('by %s makes the domain free for others', async (_title, id) => {
    await add('go.example.com');
    expect(await drop(id)).toMatchObject({ status: 200, body: { id: 1, deleted: true } });
    expect(domainItems()).toEqual([]);
    expect((await add('go.example.com', OTHER_KEY)).status).toBe(201);
  });

  test.each([
    ['another workspace’s', OTHER_KEY, 1],
    ['a missing', KEY, 2],
    ['no', KEY, 'x'],
  ])('%s domain is a 404', async (_title, key, id) => {
    await add('go.example.com');
    expect(await drop(id, key)).toMatchObject({
      status: 404,
      body: { error: 'Not found', code: 'not_found' },
    });
    expect(await listed()).toHaveLength(1);
  });

  test('is refused while links are on it, and says how many', async () => {
    await add('go.example.com');
    const link = { gsi1pk: 'WORKSPACE#1', domain: 'go.example.com' };
    table.put({ pk: 'SLUG#go.example.com#/a', sk: 'LINK', ...link, deleted: true });
    expect((await drop(1)).body.error).toMatch(/^1 link is on go\.example\.com/);
    table.put({ pk: 'SLUG#go.example.com#/b', sk: 'LINK', ...link });
    table.put({ pk: 'SLUG#-#/b', sk: 'LINK', ...link, domain: null });
    expect(await drop(1)).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^2 links are/) },
    });
    expect(await listed()).toHaveLength(1);
  });

  test.each([
    [1, 'before', 1],
    [1, 'after', 0],
    [2, 'before', 0],
    [2, 'after', 0],
  ] as const)('that dies at write %i (%s it) shows it wholly or not at all', async (write, when, shown) => {
    await add('go.example.com');
    table.writes.length = 0;
    table.crash = { write, when };
    expect((await drop(1)).status).toBe(503);
    table.crash = undefined;
    expect(await listed()).toHaveLength(shown);
    expect((await add('go.example.com')).status).toBe(shown === 1 ? 200 : 201);
    expect((await drop('go.example.com')).status).toBe(200);
    expect(domainItems()).toEqual([]);
  });
});

describe('the icon', () => {
  test.each(['favicon', 'favicon_url', 'url'])('is set by %s and removed by null', async (field) => {
    await add('go.example.com');
    const icon = 'https://example.com/icon.png';
    expect(await setIcon(1, { [field]: icon })).toMatchObject({ status: 200, body: { favicon: icon } });
    expect(await listed()).toMatchObject([{ favicon: icon }]);
    expect((await setIcon(1, { [field]: null })).body.favicon).toBeNull();
    expect(await listed()).toMatchObject([{ favicon: null }]);
  });

  test.each([[{}], [{ favicon: 'javascript:alert(1)' }], [{ favicon: 7 }]])('%j is a 422', async (json) => {
    await add('go.example.com');
    expect((await setIcon(1, json)).status).toBe(422);
    expect(await listed()).toMatchObject([{ favicon: null }]);
  });

  test('of another workspace’s domain is a 404, also when it changes hands meanwhile', async () => {
    await add('go.example.com');
    expect((await setIcon(1, { favicon: null }, OTHER_KEY)).status).toBe(404);
    table.beforeWrite = () =>
      table.put({ ...table.read({ pk: 'DOMAIN#go.example.com', sk: 'DOMAIN' }), workspace_id: 2 });
    expect((await setIcon(1, { favicon: 'https://example.com/i.png' })).status).toBe(404);
  });
});
