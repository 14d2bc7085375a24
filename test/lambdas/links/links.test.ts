import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { get, list, save, delete as trash } from '../../../lambdas/links/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create, listed, remove, show, update } from './link-calls.ts';

const table = engineTable();

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('creating', () => {
  test('writes the whole link in one transaction, and returns every field', async () => {
    const written = table.recordWrites();
    const { status, body } = await create({ slug: '/sale', name: 'Sale', utm_source: 'mail' });
    expect(status).toBe(200);
    expect(written).toEqual([
      'Put LINK#1 LINK',
      'Put LINK#1 CLICKS',
      'Put SLUG#-#/sale LINK',
      'Update WORKSPACE#1 SETTINGS',
    ]);
    expect(body).toMatchObject({
      id: 1,
      workspace_id: 1,
      slug: '/sale',
      full_url: 'https://links.example.com/sale',
      domain: null,
      enabled: true,
      utm_source: 'mail',
      rules: [],
    });
    expect(body).not.toHaveProperty('version');
    expect((await show(1)).body).toMatchObject({ ...body, webhooks: [] });
  });

  test('that fails before its transaction leaves nothing of the link, and a retry works', async () => {
    const before = (await table.keys()).filter((key) => !key.startsWith('COUNTER#'));
    table.crashAt(1, 'before');
    expect((await create({ slug: '/sale' })).status).toBe(503);
    expect((await table.keys()).filter((key) => !key.startsWith('COUNTER#'))).toEqual(before);
    expect((await listed()).links).toEqual([]);
    jest.restoreAllMocks();
    expect((await create({ slug: '/sale' })).status).toBe(200);
  });

  test('that fails after its transaction has created a whole link', async () => {
    table.crashAt(1, 'after');
    expect((await create({ slug: '/sale' })).status).toBe(503);
    expect((await show(1)).body).toMatchObject({ id: 1, slug: '/sale' });
    expect(await listed()).toMatchObject({ total_entries: 1, links: [{ id: 1 }] });
  });

  test('with a taken slug is a 422 at slug and leaves nothing behind', async () => {
    await create({ slug: '/sale' });
    expect(await create({ slug: 'sale' })).toMatchObject({
      status: 422,
      body: { errors: { slug: [expect.stringContaining('/sale')] } },
    });
    expect((await table.keys()).filter((key) => key.startsWith('LINK#'))).toEqual([
      'LINK#1 CLICKS',
      'LINK#1 LINK',
    ]);
  });

  test('without a slug gets a random one of 7 characters; slugs differ by case', async () => {
    expect((await create()).body.slug).toMatch(/^\/\w{7}$/);
    expect((await create({ slug: '/Sale' })).status).toBe(200);
    expect((await create({ slug: '/sale' })).status).toBe(200);
  });

  test.each([
    [{ url: undefined }, 'url'],
    [{ url: 'x' }, 'url'],
    [{ slug: '/api/x' }, 'slug'],
    [{ domain: 'go.example.com' }, 'domain'],
  ])('%j is a 422 at the field, before any write', async (json, field) => {
    const written = table.recordWrites();
    expect(await create(json)).toMatchObject({
      status: 422,
      body: { errors: { [field]: [expect.any(String)] } },
    });
    expect(written).toEqual([]);
  });

  test('of more than 64 KB is rejected before any write', async () => {
    const rules = Array(100).fill({
      what: 'country',
      matches: 'US',
      url: `https://example.com/${'a'.repeat(1_000)}`,
    });
    const written = table.recordWrites();
    expect(await create({ rules })).toMatchObject({ status: 422, body: { code: 'too_large' } });
    expect(written).toEqual([]);
  });
});

describe('changing', () => {
  /** Another request's write. */
  const theirs = async (fields: object) => {
    const link = await table.read('SLUG#-#/sale', 'LINK');
    await table.put({ ...link, ...fields, version: link?.version + 1 } as never);
  };

  test('replaces the fields that were sent and keeps the others', async () => {
    await create({ slug: '/sale', name: 'Sale' });
    expect((await update({ id: 1, utm_source: 'mail', slug: '' })).body).toMatchObject({
      id: 1,
      slug: '/sale',
      name: 'Sale',
      utm_source: 'mail',
    });
  });

  test('is repeated on what another request has just written, and loses neither change', async () => {
    await create({ slug: '/sale' });
    table.atWrite(async (write, send) => {
      if (write === 1) await theirs({ name: 'Theirs' });
      return send();
    });
    expect((await update({ id: 1, utm_source: 'mail' })).body).toMatchObject({
      name: 'Theirs',
      utm_source: 'mail',
    });
  });

  test('that loses every race is a 409 that says to read again', async () => {
    await create({ slug: '/sale' });
    table.atWrite(async (_write, send) => {
      await theirs({});
      return send();
    });
    expect(await update({ id: 1, name: 'x' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('Read it again') },
    });
  });

  test('needs the id of a link, and accepts nothing else as an id', async () => {
    await create({ slug: '/sale' });
    for (const id of [true, [1], { id: 1 }, '0x1', '1e0', 1.5, -1, 0, ' ', 1e16]) {
      expect(await update({ id, name: 'x', url: 'https://b.example/' })).toMatchObject({
        status: 422,
        body: { errors: { id: [expect.stringContaining('must be the id of a link')] } },
      });
    }
    expect((await show(1)).body).toMatchObject({ name: null, url: 'https://example.com/' });
    expect((await update({ id: ' 1 ', name: 'x' })).body).toMatchObject({ id: 1, name: 'x' });
    expect((await update({ id: 99, name: 'x' })).status).toBe(404);
  });

  test('leaves flags that are null or blank as they are, and a new link gets their default', async () => {
    expect((await create({ slug: '/sale', enabled: null, cloaking: '' })).body).toMatchObject({
      enabled: true,
      cloaking: false,
    });
    await update({ id: 1, enabled: 'Off', cloaking: 'YES' });
    expect((await update({ id: 1, enabled: null, cloaking: ' ', name: 'x' })).body).toMatchObject({
      enabled: false,
      cloaking: true,
    });
  });

  test('removes its rules with null, and its webhooks too', async () => {
    const url = 'https://hooks.example.com/';
    await create({ slug: '/sale', rules: [{ what: 'bot', url }], webhooks: [url] });
    expect((await update({ id: 1, name: 'x' })).body).toMatchObject({
      rules: [{ what: 'bot' }],
      webhooks: [url],
    });
    expect((await update({ id: 1, rules: null, webhooks: null })).body).toMatchObject({
      rules: [],
      webhooks: [],
    });
  });

  test('does not bring back a link that was deleted in the meantime', async () => {
    await create({ slug: '/sale' });
    table.atWrite(async (_write, send) => {
      await table.remove({ pk: 'SLUG#-#/sale', sk: 'LINK' });
      return send();
    });
    expect((await update({ id: 1, name: 'x' })).status).toBe(404);
    expect(await table.keys('SLUG#')).toEqual([]);
  });

  test.each([
    ['get', () => call(get, { key: OTHER_KEY, pathParameters: { link_id: '1' } })],
    ['save', () => call(save, { key: OTHER_KEY, method: 'POST', json: { id: 1, name: 'x' } })],
    ['delete', () => call(trash, { key: OTHER_KEY, method: 'DELETE', pathParameters: { link_id: '1' } })],
  ])('by another workspace’s %s is the same 404 as for a missing link', async (_title, request) => {
    await create({ slug: '/sale' });
    const written = table.recordWrites();
    expect(await request()).toMatchObject({ status: 404, body: { error: 'Not found', code: 'not_found' } });
    expect(written).toEqual([]);
  });
});

describe('the trash', () => {
  test('keeps the slug, hides the link from the list and can restore it', async () => {
    await create({ slug: '/sale' });
    expect(await remove(1)).toMatchObject({ status: 200, body: 'Moved link 1 to the trash.' });
    expect((await show(1)).body).toMatchObject({ deleted: true, enabled: false, slug: '/sale' });
    expect((await listed()).links).toEqual([]);
    expect((await listed('deleted=true')).links).toMatchObject([{ id: 1 }]);
    expect((await create({ slug: '/sale' })).status).toBe(422);
    expect((await update({ id: 1, deleted: false })).body).toMatchObject({ deleted: false, enabled: true });
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const [name, url] of [
      ['Beta', 'https://b.example/'],
      ['alpha', 'https://a.example/'],
      ['Gamma', 'https://example.org/B'],
    ]) {
      await create({ name, url });
    }
  });
  const names = async (query: string) =>
    (await listed(query)).links.map(({ name }: { name: string }) => name);

  test('is newest first, and sorted, searched and paged as requested', async () => {
    expect(await names('')).toEqual(['Gamma', 'alpha', 'Beta']);
    expect(await names('sort_by=id&sort_dir=asc')).toEqual(['Beta', 'alpha', 'Gamma']);
    expect(await names('sort_by=name&sort_dir=asc')).toEqual(['alpha', 'Beta', 'Gamma']);
    expect(await names('search=b.EXAMPLE')).toEqual(['Beta']);
    expect(await names('page=2&page_size=2')).toEqual(['Beta']);
    expect(await listed('page=2&page_size=2')).toMatchObject({
      page_number: 2,
      page_size: 2,
      total_entries: 3,
      total_pages: 2,
      total_rows: 3,
      workspace_link_count: 3,
    });
  });

  test.each([
    ['page=0'],
    ['page=x'],
    ['page_size=0'],
    ['page_size=-1'],
    ['page_size=many'],
    ['sort_by=url'],
    ['sort_dir=up'],
    ['deleted=maybe'],
  ])('with %s is a 422', async (query) => {
    expect((await call(list, { query })).status).toBe(422);
  });

  test.each(['1001', '100000'])(
    'with a page_size of %s has as many links as a page can have',
    async (size) => {
      expect(await listed(`page_size=${size}`)).toMatchObject({ page_size: 1_000, total_pages: 1 });
      expect(await names(`page_size=${size}`)).toHaveLength(3);
    },
  );

  test('of another workspace is empty', async () => {
    expect((await call(list, { key: OTHER_KEY })).body.links).toEqual([]);
  });
});

describe('a field that the documentation lists as without effect', () => {
  const page = readFileSync(new URL('../../../docs/api/links.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## Fields without effect');
  const rows = section.split('\n').filter((row) => /^\| `/.test(row) && !row.includes('stored and answered'));
  const names = rows
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .map((name) => name.replace('*', 'total'));

  test.each(names)('%s is accepted, and changes nothing', async (name) => {
    const plain = (await create({ slug: '/plain' })).body;
    const sent = await create({ slug: '/sent', [name]: ['1999-01-01'] });
    expect(sent.status).toBe(200);
    const varying = { id: 0, slug: '', full_url: '', inserted_at: '', updated_at: '' };
    expect({ ...sent.body, ...varying }).toEqual({ ...plain, ...varying });
    expect(JSON.stringify(await table.all())).not.toContain('1999-01-01');
  });
});
