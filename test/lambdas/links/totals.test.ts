import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { add } from '../domains/domain-calls.ts';
import { engineTable } from '../engine-table.ts';
import { create, listed, remove, update } from './link-calls.ts';

const table = engineTable();
const settings = () => table.read('WORKSPACE#1', 'SETTINGS');
const numbersOf = (item: Record<string, unknown> = {}) => [item.link_count, item.trash_count];
const totals = async () => numbersOf(await settings());
const onDomain = async () => numbersOf(await table.read('DOMAIN#go.example.com', 'DOMAIN'));
const set = async (fields: object) => table.put({ ...(await settings()), ...fields } as never);
const longAgo = () => ({ links_changed_at: Date.now() - 61_000 });
/** A workspace from before links were counted. */
const neverCounted = { pk: 'WORKSPACE#1', sk: 'SETTINGS', id: 1, name: 'Old', inserted_at: '2024' };

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('totals follow what is created, trashed and restored, and nothing else', async () => {
  for (const slug of ['/a', '/b', '/c']) await create({ slug });
  expect(await totals()).toEqual([3, 0]);
  await remove(1);
  await remove(1);
  await update({ id: 2, name: 'Renamed' });
  expect(await totals()).toEqual([2, 1]);
  await update({ id: 1, deleted: false });
  expect((await create({ slug: '/a' })).status).toBe(422);
  expect(await totals()).toEqual([3, 0]);
});

test('a domain’s numbers follow the links that are added, removed and trashed there', async () => {
  const domain = 'go.example.com';
  await add(domain);
  for (const slug of ['/a', '/b']) await create({ slug, domain });
  await create({ slug: '/c' });
  expect(await onDomain()).toEqual([2, 0]);
  await update({ id: 3, domain });
  await update({ id: 1, slug: '/moved' });
  await remove(2);
  expect(await onDomain()).toEqual([2, 1]);
  await update({ id: 2, domain: null });
  await update({ id: 1, domain: null, deleted: true });
  expect(await onDomain()).toEqual([1, 0]);
  expect(await totals()).toEqual([1, 2]);
});

test('a list returns both totals, with links in use and in the trash', async () => {
  for (const slug of ['/a', '/b', '/c']) await create({ slug });
  await remove(2);
  expect(await listed()).toMatchObject({ total_entries: 2, total_rows: 2, workspace_link_count: 2 });
  expect(await listed('deleted=true')).toMatchObject({ total_entries: 1, workspace_link_count: 2 });
  expect(await listed('deleted=true&sort_by=name')).toMatchObject({
    total_entries: 1,
    workspace_link_count: 2,
  });
  expect(await listed('search=/a')).toMatchObject({ total_entries: 1, workspace_link_count: 2 });
});

describe.each(['before', 'after'] as const)('a write that fails %s it', (when) => {
  const steps: [string, () => Promise<{ status: number }>, unknown[]][] = [
    ['create', () => create({ slug: '/c' }), [3, 0]],
    ['trash', () => remove(1), [1, 1]],
  ];
  test.each(steps)('leaves the totals right: %s', async (_step, request, after) => {
    for (const slug of ['/a', '/b']) await create({ slug });
    table.crashAt(1, when);
    expect((await request()).status).toBe(503);
    expect(await totals()).toEqual(when === 'before' ? [2, 0] : after);
    const list = await listed('sort_by=name');
    expect(list.total_entries).toBe((await totals())[0]);
  });
});

describe('links are purged from the trash without a request', () => {
  beforeEach(async () => {
    for (const slug of ['/a', '/b']) await create({ slug });
    await remove(1);
    await remove(2);
    await table.remove({ pk: 'SLUG#-#/a', sk: 'LINK' });
  });

  test('and a list of all of it stores how many are left', async () => {
    await set(longAgo());
    expect((await listed('deleted=true')).total_entries).toBe(1);
    expect(await totals()).toEqual([0, 1]);
  });

  test('and no list stores that while links are added or removed, because the index lags', async () => {
    expect((await listed('deleted=true')).total_entries).toBe(1);
    expect(await totals()).toEqual([0, 2]);
  });

  test('and no list stores that when a link was added or removed in the meantime', async () => {
    await set(longAgo());
    table.atWrite(async (_write, send) => {
      await set({ trash_count: 3, links_changed_at: Date.now() });
      return send();
    });
    await listed('deleted=true');
    expect(await totals()).toEqual([0, 3]);
  });
});

describe('a workspace whose links were never counted', () => {
  beforeEach(async () => {
    await table.put(neverCounted);
    await create({ slug: '/a' });
    await create({ slug: '/b' });
    await remove(2);
  });

  test('is not counted partially', async () => {
    expect(Math.max(...((await totals()) as number[]))).toBeLessThan(0);
    for (const query of ['', 'page_size=1', 'sort_by=name']) {
      expect(await listed(query)).toMatchObject({ total_entries: 1, links: [{ id: 1 }] });
    }
    expect(await listed('deleted=true')).toMatchObject({ total_entries: 1, links: [{ id: 2 }] });
    expect(Math.max(...((await totals()) as number[]))).toBeLessThan(0);
  });

  test('is counted completely by a list, a minute after the last link was added or removed', async () => {
    await set(longAgo());
    expect((await listed()).total_entries).toBe(1);
    expect(await totals()).toEqual([1, 1]);
    await create({ slug: '/c' });
    expect(await totals()).toEqual([2, 1]);
  });
});
