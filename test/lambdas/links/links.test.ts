import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { handler as trash } from '../../../lambdas/links/delete.ts';
import { handler as get } from '../../../lambdas/links/get.ts';
import { handler as list } from '../../../lambdas/links/list.ts';
import { handler as save } from '../../../lambdas/links/save.ts';
import { call } from '../call.ts';
import { type FakeTable, OTHER_KEY, tableWithWorkspaces } from '../fake-table.ts';
import { create, listed, remove, show, slugsServed, update } from './link-calls.ts';

let table: FakeTable;

beforeEach(() => {
  table = tableWithWorkspaces();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('creating', () => {
  test('writes id, pointer, link and the workspace’s total, in this order, and answers every field', async () => {
    const { status, body } = await create({ slug: '/sale', name: 'Sale', utm_source: 'mail' });
    expect(status).toBe(200);
    expect(table.writes).toEqual([
      'Add COUNTER#LINK COUNTER',
      'Put LINK#1 LINK',
      'Put SLUG#-#/sale LINK',
      'Add WORKSPACE#1 SETTINGS',
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
    expect((await show(1)).body).toEqual({ ...body, webhooks: [] });
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
  ] as const)(
    'that dies at write %i (%s it) shows nobody a half-made link, and a retry works',
    async (write, when) => {
      table.crash = { write, when };
      expect((await create({ slug: '/sale' })).status).toBe(503);
      table.crash = undefined;
      expect(slugsServed(table)).toEqual([]);
      expect((await show(1)).status).toBe(404);
      expect((await listed()).links).toEqual([]);
      expect((await create({ slug: '/sale' })).status).toBe(200);
    },
  );

  test('with a taken slug is a 422 at slug and leaves nothing behind', async () => {
    await create({ slug: '/sale' });
    expect(await create({ slug: 'sale' })).toMatchObject({
      status: 422,
      body: { errors: { slug: [expect.stringContaining('/sale')] } },
    });
    expect([...table.items.keys()].filter((key) => key.startsWith('LINK#'))).toEqual(['LINK#1 LINK']);
  });

  test('without a slug draws one of 7 characters; slugs differ by case', async () => {
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
    expect(await create(json)).toMatchObject({
      status: 422,
      body: { errors: { [field]: [expect.any(String)] } },
    });
    expect(table.writes).toEqual([]);
  });

  test('of more than 64 KB is refused before any write', async () => {
    const rules = Array(100).fill({
      what: 'country',
      matches: 'US',
      url: `https://example.com/${'a'.repeat(1_000)}`,
    });
    expect(await create({ rules })).toMatchObject({ status: 422, body: { code: 'too_large' } });
    expect(table.writes).toEqual([]);
  });
});

describe('changing', () => {
  test('replaces the fields sent and keeps the others', async () => {
    await create({ slug: '/sale', name: 'Sale' });
    expect((await update({ id: 1, utm_source: 'mail', slug: '' })).body).toMatchObject({
      id: 1,
      slug: '/sale',
      name: 'Sale',
      utm_source: 'mail',
    });
  });

  test('repeats itself on what somebody else has just written, and loses neither change', async () => {
    await create({ slug: '/sale' });
    let raced = false;
    table.beforeWrite = (description) => {
      if (raced || description !== 'Put SLUG#-#/sale LINK') return;
      raced = true;
      const link = table.read({ pk: 'SLUG#-#/sale', sk: 'LINK' });
      table.put({ ...link, name: 'Theirs', version: link?.version + 1 });
    };
    expect((await update({ id: 1, utm_source: 'mail' })).body).toMatchObject({
      name: 'Theirs',
      utm_source: 'mail',
    });
  });

  test('that loses every race is a 409 that says to read again', async () => {
    await create({ slug: '/sale' });
    table.beforeWrite = () => {
      const link = table.read({ pk: 'SLUG#-#/sale', sk: 'LINK' });
      table.put({ ...link, version: link?.version + 1 });
    };
    expect(await update({ id: 1, name: 'x' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('read it again') },
    });
  });

  test('needs the id of a link, and takes nothing else for one', async () => {
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

  test('loses its rules by null, as its webhooks', async () => {
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

  test('does not bring a link back that was removed meanwhile', async () => {
    await create({ slug: '/sale' });
    table.beforeWrite = () => {
      table.items.delete('SLUG#-#/sale LINK');
    };
    expect((await update({ id: 1, name: 'x' })).status).toBe(404);
    expect(slugsServed(table)).toEqual([]);
  });

  test.each([
    ['get', () => call(get, { key: OTHER_KEY, pathParameters: { link_id: '1' } })],
    ['save', () => call(save, { key: OTHER_KEY, method: 'POST', json: { id: 1, name: 'x' } })],
    ['delete', () => call(trash, { key: OTHER_KEY, method: 'DELETE', pathParameters: { link_id: '1' } })],
  ])('by another workspace’s %s is the 404 of a missing link', async (_title, request) => {
    await create({ slug: '/sale' });
    table.writes.length = 0;
    expect(await request()).toMatchObject({ status: 404, body: { error: 'Not found', code: 'not_found' } });
    expect(table.writes).toEqual([]);
  });
});

describe('the trash', () => {
  test('keeps the slug, hides the link from the list and gives it back', async () => {
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

  test('is newest first, sorted, searched and paged as asked', async () => {
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
    ['page_size=1001'],
    ['sort_by=url'],
    ['sort_dir=up'],
    ['deleted=maybe'],
  ])('with %s is a 422', async (query) => {
    expect((await call(list, { query })).status).toBe(422);
  });

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
    expect(JSON.stringify([...table.items])).not.toContain('1999-01-01');
  });
});
