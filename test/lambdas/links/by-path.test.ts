import { describe, expect, test } from '@jest/globals';
import { list, save } from '../../../lambdas/links/handlers.ts';
import { PASSWORD_MASK } from '../../../lambdas/links/link.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { change, create, listed, remove, restore, show, update } from './link-calls.ts';

const table = engineTable();
const HOOK = 'https://8.8.8.8/hook';

describe('changing a link by its path', () => {
  test('replaces the fields that were sent, and keeps the others and the webhooks', async () => {
    await create({ slug: '/sale', name: 'Sale', webhooks: [HOOK] });
    const { status, body } = await change(1, { note: 'New', slug: '' });
    expect([status, body]).toMatchObject([
      200,
      { id: 1, slug: '/sale', name: 'Sale', note: 'New', webhooks: [HOOK] },
    ]);
    expect((await show(1)).body).toMatchObject(body);
  });

  test('works like saving it with its id: slug, password, rules and trash', async () => {
    await create({ slug: '/sale' });
    const rules = [{ what: 'country', matches: 'us', url: 'https://example.com/us' }];
    expect(
      (await change(1, { slug: 'moved', password: 'secret', rules, deleted: 'true' })).body,
    ).toMatchObject({
      slug: '/moved',
      password: PASSWORD_MASK,
      rules: [{ matches: 'US' }],
      deleted: true,
      enabled: false,
    });
  });

  test('accepts the link as it was read, with its id and counts', async () => {
    await create({ slug: '/sale', name: 'Sale' });
    const { body } = await show(1);
    expect((await change(1, { ...body, name: 'Renamed' })).body).toMatchObject({ id: 1, name: 'Renamed' });
    expect(JSON.stringify(await table.read('SLUG#-#/sale', 'LINK'))).not.toContain('clicks_total');
  });

  test.each([2, '2', 'x', true])('with the id %j in the body is a 422 at id', async (id) => {
    await create({ slug: '/sale' });
    await create({ slug: '/other' });
    expect(await change(1, { id, name: 'Renamed' })).toMatchObject({
      status: 422,
      body: { errors: { id: [expect.any(String)] } },
    });
    expect((await listed()).links).toMatchObject([{ name: null }, { name: null }]);
  });

  test.each([[undefined], [[]], [[{ name: 'x' }]], ['text']])('with the body %j is a 422', async (json) => {
    await create({ slug: '/sale' });
    table.writes = [];
    expect((await change(1, json)).status).toBe(422);
    expect(table.writes).toEqual([]);
  });

  test.each([
    [{ url: 'nowhere' }, 'url'],
    [{ slug: '/other' }, 'slug'],
    [{ url: 'https://links.example.com/sale' }, 'url'],
    [{ expiry_datetime: 'soon' }, 'expiry_datetime'],
  ])('to %j is a 422 at the field', async (json, field) => {
    await create({ slug: '/sale' });
    await create({ slug: '/other' });
    expect(await change(1, json)).toMatchObject({
      status: 422,
      body: { errors: { [field]: [expect.any(String)] } },
    });
  });

  test('that is missing, no id, or of another workspace is a 404', async () => {
    await create({ slug: '/sale' });
    expect((await change(99, { name: 'x' })).status).toBe(404);
    expect((await change('x', { name: 'x' })).status).toBe(404);
    expect((await change(1, { name: 'x' }, OTHER_KEY)).status).toBe(404);
    expect((await show(1)).body.name).toBeNull();
  });
});

describe('restoring links', () => {
  const use = async () => {
    const links: { id: number; enabled: boolean }[] = (await listed('sort_dir=asc')).links;
    return links.map(({ id, enabled }) => [id, enabled]);
  };

  test('restores and enables those in the trash, leaves the others, and names the missing', async () => {
    for (const slug of ['/a', '/b', '/c']) await create({ slug, webhooks: [HOOK] });
    await update({ id: 3, enabled: false });
    for (const id of [1, 2]) await remove(id);
    const before = await show(3);
    expect(await restore({ ids: [1, '2', 2, 3, 99] })).toMatchObject({
      status: 200,
      body: { message: 'Restored 3 links from the trash.', restored: [1, 2, 3], not_found: [99] },
    });
    expect(await use()).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(await show(3)).toEqual(before);
    expect((await table.all()).filter(({ purge_at }) => purge_at)).toEqual([]);
  });

  test('can be repeated, and writes nothing the second time', async () => {
    await create({ slug: '/a' });
    await remove(1);
    expect((await restore({ ids: 1 })).body.message).toBe('Restored 1 link from the trash.');
    table.writes = [];
    expect(await restore({ ids: [1] })).toMatchObject({ status: 200, body: { restored: [1] } });
    expect(table.writes).toEqual([]);
  });

  test('of which one would lead into a loop restores the others, and says which one and why', async () => {
    await create({ slug: '/a', url: 'https://links.example.com/b' });
    await create({ slug: '/c' });
    await remove(1);
    await remove(2);
    // The check follows links in the trash too, so a loop can only be older than it.
    const stored = await table.read('SLUG#-#/a', 'LINK');
    await table.put({ ...stored, url: 'https://links.example.com/a' } as never);
    expect(await restore({ ids: [2, 1] })).toMatchObject({
      status: 422,
      body: {
        code: 'partly_restored',
        errors: { 'ids.1': [expect.stringMatching(/^url: must not lead back/)] },
        restored: [2],
        not_found: [],
        not_restored: [1],
      },
    });
    expect(await use()).toEqual([[2, true]]);
  });

  test('of another workspace restores none', async () => {
    await create({ slug: '/a' });
    await remove(1);
    expect((await restore({ ids: [1] }, OTHER_KEY)).body).toMatchObject({ restored: [], not_found: [1] });
    expect(await use()).toEqual([]);
  });

  test.each([[{}], [{ ids: [] }], [{ ids: 'all' }], [{ ids: Array(101).fill(1) }]])(
    '%j is a 422 at ids',
    async (json) => {
      const { status, body } = await restore(json);
      expect([status, Object.keys(body.errors)[0]?.split('.')[0]]).toEqual([422, 'ids']);
    },
  );
});

test('a path without a workspace saves in the workspace of the key, and a named one must be that', async () => {
  const saveAt = (json: unknown, key: string) =>
    call(save, { method: 'POST', path: '/api/v1/links', json, key });
  const url = 'https://example.com/';
  expect((await saveAt({ url, workspace_id: 2 }, OTHER_KEY)).body.workspace_id).toBe(2);
  expect((await saveAt([{ url }], OTHER_KEY)).body).toMatchObject([{ workspace_id: 2, status: 'success' }]);
  expect((await saveAt({ url, workspace_id: 1 }, OTHER_KEY)).status).toBe(404);
  expect((await call(list, { key: OTHER_KEY })).body.links).toHaveLength(2);
  expect((await listed()).links).toEqual([]);
});
