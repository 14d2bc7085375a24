import { describe, expect, test } from '@jest/globals';
import { apiInMemory } from './api-in-memory.ts';
import { csvOf, importInto } from './import-in-memory.ts';

const exported = (api: ReturnType<typeof apiInMemory>) => api.direct('GET', '/workspace/1/links/export');

describe('an import', () => {
  test('creates each link once; a second run writes nothing', async () => {
    const api = apiInMemory();
    const csv = csvOf(Array.from({ length: 60 }, (_, index) => `/s${index}`));
    expect(await importInto(api, csv)).toMatchObject({ imported: 60, there: 0, refused: 0 });
    const before = await exported(api);
    const writes = api.table.writes.length;
    const posts = api.posts();
    expect(posts).toBe(3);
    expect(await importInto(api, csv, { concurrency: 4 })).toMatchObject({ imported: 0, there: 60 });
    expect(api.table.writes).toHaveLength(writes);
    expect(api.posts()).toBe(posts);
    expect(await exported(api)).toEqual(before);
  });

  test('in a dry run says the same and writes nothing', async () => {
    const csv = `${csvOf(['/a', '/b', '/a', '/api'])}\nhttps://example.com/other,/b\n`;
    const api = apiInMemory();
    const dry = await importInto(api, csv, { dryRun: true });
    expect({ posts: api.posts(), writes: api.table.writes }).toEqual({ posts: 0, writes: [] });
    expect(dry).toEqual(await importInto(api, csv));
  });

  test('refuses an existing link with other values, and with --update sends the differences', async () => {
    const api = apiInMemory();
    await api.direct('POST', '/link', { url: 'https://example.com/', slug: '/a', name: 'Old', note: 'kept' });
    const csv = 'slug,name,url,cloaking\n/a,New,https://example.com/,true\n';
    expect(await importInto(api, csv)).toEqual({
      ...{ imported: 0, updated: 0, there: 0, refused: 1 },
      reasons: {
        2: '/a exists with another name, cloaking. Import with --update to overwrite it, or remove the row.',
      },
    });
    const bodies: unknown[] = [];
    api.outcome = (call, body) => {
      if (call.startsWith('POST')) bodies.push(body);
      return undefined;
    };
    expect(await importInto(api, csv, { update: true })).toMatchObject({ updated: 1, refused: 0 });
    expect(bodies).toEqual([[{ id: 1, name: 'New', cloaking: true }]]);
    expect(await exported(api)).toMatchObject([{ name: 'New', note: 'kept', cloaking: true }]);
    expect(await importInto(api, csv, { update: true })).toMatchObject({ updated: 0, there: 1 });
  });

  test('leaves links in the trash there', async () => {
    const api = apiInMemory();
    const csv = 'url,slug,deleted\nhttps://example.com/,/gone,true\n';
    expect(await importInto(api, csv)).toMatchObject({ imported: 1 });
    expect(await exported(api)).toEqual([]);
    const { links } = await api.direct('GET', '/workspace/1/list_links?deleted=true');
    expect(links).toMatchObject([{ slug: '/gone', deleted: true, enabled: false }]);
    expect(await importInto(api, csv)).toMatchObject({ imported: 0, there: 1 });
    const reasons = { 2: '/gone is in the trash. Restore it first, or choose another slug.' };
    for (const update of [false, true]) {
      const { refused, reasons: given } = await importInto(api, csvOf(['/gone']), { update });
      expect({ refused, given }).toEqual({ refused: 1, given: { 2: `slug: ${reasons[2]}` } });
    }
  });

  test('writes only to domains of the workspace, and reads them once', async () => {
    const api = apiInMemory();
    const csv =
      'url,slug,domain\nhttps://example.com/,/a,go.example.com\nhttps://example.com/,/b,go.example.com';
    const { refused, reasons } = await importInto(api, csv);
    expect(refused).toBe(2);
    expect(reasons[3]).toBe(
      'domain: go.example.com is not a domain of this workspace. Add it with POST /api/v1/workspace/1/domains {"name": "go.example.com"}, or leave the cell blank for the default host.',
    );
    expect(api.calls.filter((call) => call.includes('domains'))).toHaveLength(1);
    expect(api.posts()).toBe(0);
  });
});

describe('two rows for one link', () => {
  const rows = (...names: string[]) =>
    `url,slug,name\n${names.map((name) => `https://example.com/,/a,${name}\n`).join('')}`;

  test('with the same values are one link', async () => {
    expect(await importInto(apiInMemory(), rows('x', 'x'))).toMatchObject({
      imported: 1,
      there: 1,
      refused: 0,
    });
  });

  test('with different values: the second is refused, now and in later runs', async () => {
    const api = apiInMemory();
    const wanted = { 3: 'duplicate of line 2. Both are for /a. Keep one of the two.' };
    for (const update of [false, true]) {
      const { reasons, refused } = await importInto(api, rows('x', 'y'), { update });
      expect({ refused, reasons }).toEqual({ refused: 1, reasons: wanted });
    }
    expect(await exported(api)).toMatchObject([{ name: 'x' }]);
  });

  test('of which the API rejects the first are both refused', async () => {
    const api = apiInMemory();
    const busy = { error: 'no', code: 'no' };
    api.outcome = (call) => (call.startsWith('POST') ? Response.json(busy, { status: 403 }) : undefined);
    const { reasons } = await importInto(api, rows('x', 'x'));
    expect(reasons).toEqual({
      2: 'no.',
      3: 'duplicate of line 2, which was refused. Both are for the same link. Keep one of the two.',
    });
  });
});

describe('a password', () => {
  const row = (password: string, name = '') =>
    `url,slug,password,name\nhttps://example.com/,/a,${password},${name}\n`;

  test('that is masked never creates an unprotected link', async () => {
    const api = apiInMemory();
    const { refused, reasons } = await importInto(api, row('********'));
    expect(refused).toBe(1);
    expect(reasons[2]).toMatch(
      /^password: \*{8} stands for a password that no export contains\. Enter the password/,
    );
    expect(await exported(api)).toEqual([]);
  });

  test('in plain text is imported and then counts as existing, masked or not', async () => {
    const api = apiInMemory();
    expect(await importInto(api, row('secret'))).toMatchObject({ imported: 1 });
    expect(await exported(api)).toMatchObject([{ password: '********' }]);
    expect(await importInto(api, row('secret'))).toMatchObject({ there: 1 });
    expect(await importInto(api, row('********'))).toMatchObject({ there: 1 });
  });

  test('is never removed, and stays when other fields are updated', async () => {
    const api = apiInMemory();
    await importInto(api, row('secret'));
    const { password_hash } = (await api.table.read('SLUG#-#/a', 'LINK')) ?? {};
    const { refused, reasons } = await importInto(api, row(''), { update: true });
    expect(refused).toBe(1);
    expect(reasons[2]).toMatch(
      /^password: the existing link has one, and an import never removes a password/,
    );
    expect(await importInto(api, row('********', 'New'), { update: true })).toMatchObject({ updated: 1 });
    expect(await api.table.read('SLUG#-#/a', 'LINK')).toMatchObject({ name: 'New', password_hash });
  });
});
