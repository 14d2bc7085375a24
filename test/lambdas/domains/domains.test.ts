import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { add, list, listed, setIcon } from './domain-calls.ts';

const table = engineTable();
const domainItems = () => table.keys('DOMAIN#');

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('adding', () => {
  test('gives the domain to the workspace; adding it again returns the same domain', async () => {
    const { status, body } = await add(' GO.Example.com. ');
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      name: 'go.example.com',
      host: 'go.example.com',
      favicon: null,
      inserted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const before = await table.all();
    expect(await add('go.example.com')).toMatchObject({ status: 200, body });
    expect(await table.all()).toEqual(before);
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
    const before = await table.all();
    expect(await add(name)).toMatchObject({
      status: 422,
      body: { errors: { name: [expect.any(String)] } },
    });
    expect(await table.all()).toEqual(before);
  });

  test('another workspace’s domain is rejected and writes nothing', async () => {
    await add('go.example.com', OTHER_KEY);
    const before = await domainItems();
    expect(await add('go.example.com')).toMatchObject({
      status: 422,
      body: { errors: { name: [expect.any(String)] } },
    });
    expect(await domainItems()).toEqual(before);
    expect(await listed()).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'that dies %s its write shows it wholly or not at all',
    async (when) => {
      table.crashAt(1, when);
      expect((await add('go.example.com')).status).toBe(503);
      expect(await domainItems()).toHaveLength(when === 'before' ? 0 : 2);
      expect(await listed()).toHaveLength(when === 'before' ? 0 : 1);
      jest.restoreAllMocks();
      expect((await add('go.example.com')).status).toBe(when === 'before' ? 201 : 200);
      expect(await listed()).toMatchObject([{ name: 'go.example.com' }]);
    },
  );

  test('more than 100 is a 409 that says what to do', async () => {
    for (let number = 0; number < 100; number++) await add(`d${number}.example.com`);
    expect(await add('one-more.example.com')).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('Delete one first') },
    });
    expect(await listed()).toHaveLength(100);
  });
});

describe('a list', () => {
  test('is an object with domains, each with the fields that clients read', async () => {
    expect(await list()).toMatchObject({ status: 200, body: { domains: [] } });
    await add('go.example.com');
    expect((await list()).body).toEqual({
      domains: [
        {
          id: 1,
          name: 'go.example.com',
          host: 'go.example.com',
          favicon: null,
          inserted_at: expect.any(String),
        },
      ],
    });
  });

  test('is oldest first, and contains only the workspace’s own domains', async () => {
    for (const name of ['b.example.com', 'a.example.com']) await add(name);
    await add('c.example.com', OTHER_KEY);
    expect((await listed()).map(({ name }) => name)).toEqual(['b.example.com', 'a.example.com']);
  });
});

describe('the icon', () => {
  test.each(['favicon', 'favicon_url', 'url'])('is set by %s and removed by null', async (field) => {
    await add('go.example.com');
    const icon = 'https://example.com/icon.png';
    expect(await setIcon('go.example.com', { [field]: icon })).toMatchObject({
      status: 200,
      body: { favicon: icon },
    });
    expect(await listed()).toMatchObject([{ favicon: icon }]);
    expect((await setIcon('go.example.com', { [field]: null })).body.favicon).toBeNull();
    expect(await listed()).toMatchObject([{ favicon: null }]);
  });

  test.each([
    [{}, 'favicon'],
    [{ favicon: 'javascript:alert(1)' }, 'favicon'],
    [{ favicon: 7 }, 'favicon'],
    [{ favicon_url: 'icon.png' }, 'favicon_url'],
  ])('%j is a 422 that says what a valid URL is', async (json, field) => {
    await add('go.example.com');
    expect(await setIcon('go.example.com', json)).toMatchObject({
      status: 422,
      body: { errors: { [field]: [expect.stringMatching(/URL/)] } },
    });
    expect(await listed()).toMatchObject([{ favicon: null }]);
  });

  test('of another workspace’s domain is a 404, also when the domain changes hands in the meantime', async () => {
    await add('go.example.com');
    expect((await setIcon('go.example.com', { favicon: null }, OTHER_KEY)).status).toBe(404);
    const domain = await table.read('DOMAIN#go.example.com', 'DOMAIN');
    table.atWrite(async (_write, send) => {
      await table.put({ ...domain, workspace_id: 2 });
      return send();
    });
    expect((await setIcon('go.example.com', { favicon: 'https://example.com/i.png' })).status).toBe(404);
  });
});
