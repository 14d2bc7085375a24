import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { type FakeTable, tableWithWorkspaces } from '../fake-table.ts';
import { create, listed, remove, update } from './link-calls.ts';

let table: FakeTable;
let written: () => string[];
const SETTINGS = { pk: 'WORKSPACE#1', sk: 'SETTINGS' };
const totals = () => {
  const { link_count, trash_count } = table.read(SETTINGS) ?? {};
  return [link_count, trash_count];
};
const set = (fields: object) => table.put({ ...table.read(SETTINGS), ...fields });
const longAgo = { links_changed_at: Date.now() - 61_000 };

beforeEach(() => {
  table = tableWithWorkspaces();
  written = capturedOutput();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('totals follow what is made, trashed and taken out again, and nothing else', async () => {
  for (const slug of ['/a', '/b', '/c']) await create({ slug });
  expect(totals()).toEqual([3, 0]);
  await remove(1);
  await remove(1);
  await update({ id: 2, name: 'Renamed' });
  expect(totals()).toEqual([2, 1]);
  await update({ id: 1, deleted: false });
  await create({ slug: '/a' });
  expect(totals()).toEqual([3, 0]);
});

test('a list says both, whichever shelf it is of', async () => {
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

describe('a total that can not be kept', () => {
  beforeEach(async () => {
    await create({ slug: '/a' });
    table.mock.on(UpdateCommand, { Key: SETTINGS }).rejects(new Error('down'));
  });

  test('costs nobody the link; it is logged and counted', async () => {
    expect((await create({ slug: '/b' })).status).toBe(200);
    expect(written().filter((line) => line.includes('"LinkUncounted":1'))).toHaveLength(1);
  });
});

describe('a total that is off', () => {
  beforeEach(async () => {
    await create({ slug: '/a' });
    await create({ slug: '/b' });
  });

  test('is mended by a list that reads all links, a minute after the last one came or went', async () => {
    set({ link_count: 7, ...longAgo });
    expect((await listed('page_size=1')).total_entries).toBe(7);
    expect((await listed('sort_by=name')).total_entries).toBe(2);
    expect(totals()).toEqual([2, 0]);
    expect((await listed()).total_entries).toBe(2);
  });

  test('is mended by a first page that all links are on, and right there', async () => {
    set({ link_count: 7, ...longAgo });
    expect(await listed()).toMatchObject({ total_entries: 2, workspace_link_count: 2 });
    expect(totals()).toEqual([2, 0]);
  });

  test('is left alone while links come and go, for the index lags', async () => {
    set({ link_count: 7 });
    await listed('sort_by=name');
    expect(totals()).toEqual([7, 0]);
  });

  test('is left alone when somebody else has changed it meanwhile', async () => {
    set({ link_count: 7, ...longAgo });
    table.beforeWrite = () => set({ link_count: 8 });
    expect((await listed('sort_by=name')).total_entries).toBe(2);
    expect(totals()).toEqual([8, 0]);
  });
});

test('a workspace whose links were never counted is counted by its first list, and not before', async () => {
  table.put({ ...SETTINGS, id: 1, name: 'Old', inserted_at: '2024' });
  await create({ slug: '/a' });
  await create({ slug: '/b' });
  expect(totals()).toEqual([undefined, undefined]);
  expect((await listed()).total_entries).toBe(2);
  expect((await listed('deleted=true')).total_entries).toBe(0);
  expect(totals()).toEqual([2, 0]);
  await create({ slug: '/c' });
  expect(totals()).toEqual([3, 0]);
});
