import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { type FakeTable, KEY, OTHER_KEY, tableWithWorkspaces } from '../fake-table.ts';
import { add, domainItems, drop, listed } from './domain-calls.ts';

let table: FakeTable;

beforeEach(() => {
  table = tableWithWorkspaces();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('deleting', () => {
  test.each([
    ['its id', 1],
    ['its name', 'BÜCHER.example.'],
  ])('by %s makes the domain free for others', async (_title, id) => {
    await add('bücher.example');
    expect(await drop(id)).toMatchObject({ status: 200, body: { id: 1, deleted: true } });
    expect(domainItems(table)).toEqual([]);
    expect((await add('bücher.example', OTHER_KEY)).status).toBe(201);
  });

  test('that dies before the listing is removed leaves the domain to whoever adds it next', async () => {
    await add('go.example.com');
    table.writes.length = 0;
    table.crash = { write: 2, when: 'before' };
    expect((await drop(1)).status).toBe(503);
    table.crash = undefined;
    expect((await add('go.example.com', OTHER_KEY)).status).toBe(201);
    expect(await listed(OTHER_KEY)).toHaveLength(1);
    expect(await listed()).toEqual([]);
    expect((await drop('go.example.com')).status).toBe(404);
  });

  test('takes it from nobody who has got it meanwhile', async () => {
    await add('go.example.com');
    table.beforeWrite = (description) => {
      if (!description.startsWith('Delete DOMAIN#')) return;
      table.put({ ...table.read({ pk: 'DOMAIN#go.example.com', sk: 'DOMAIN' }), workspace_id: 2 });
    };
    expect((await drop(1)).status).toBe(200);
    expect(domainItems(table)).toEqual(['DOMAIN#go.example.com DOMAIN']);
    expect(await listed()).toEqual([]);
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
    const link = { gsi1pk: 'WORKSPACE#1', id: 1, domain: 'go.example.com' };
    table.put({ pk: 'SLUG#go.example.com#/a', sk: 'LINK', ...link, gsi1pk: 'WORKSPACE#1#TRASH' });
    expect((await drop(1)).body.error).toMatch(/^1 link is on go\.example\.com/);
    table.put({ pk: 'SLUG#go.example.com#/b', sk: 'LINK', ...link, id: 2 });
    table.put({ pk: 'SLUG#-#/b', sk: 'LINK', ...link, id: 3, domain: null });
    expect(await drop(1)).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^2 links are/) },
    });
    expect(await listed()).toHaveLength(1);
  });

  test('counts links beyond the first page of the index', async () => {
    await add('go.example.com');
    table.mock
      .on(QueryCommand, { IndexName: 'byWorkspace', ExclusiveStartKey: undefined })
      .resolves({ Items: [], LastEvaluatedKey: { pk: 'next' } })
      .on(QueryCommand, { IndexName: 'byWorkspace', ExclusiveStartKey: { pk: 'next' } })
      .resolves({ Items: [{ id: 7, domain: 'go.example.com' }] });
    expect((await drop(1)).status).toBe(409);
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
    expect(domainItems(table)).toEqual([]);
  });
});
