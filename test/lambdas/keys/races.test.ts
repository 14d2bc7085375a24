import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  create as createKey,
  list as listKeys,
  revoke as revokeKey,
} from '../../../lambdas/keys/handlers.ts';
import { hashApiKey } from '../../../lambdas/keys/key.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import type { CreatedWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { create as createWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { runs } from '../../full-runs.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';

// Like AWS, the engine cancels a transaction that conflicts with another request at an item.
const table = engineTable({ onConflict: 'cancel' });
const ROUNDS = Array.from({ length: runs(8, 3) }, (_, index) => index + 1);
const add = (key?: string) => call(createKey, { method: 'POST', json: {}, ...(key ? { key } : {}) });
const listed = async (key?: string) => (await call(listKeys, key ? { key } : {})).body;
const revoke = (prefix: string, key: string) =>
  call(revokeKey, { method: 'DELETE', key, pathParameters: { workspace_id: '1', prefix } });

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('of many keys created at once exactly as many are stored as the limit allows', async () => {
  for (let number = 1; number <= 20; number++) await add();
  table.mix(1);
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => add()))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(5);
  expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  expect(await listed()).toHaveLength(25);
});

test.each(ROUNDS)('of two keys that revoke each other at once one stays (round %i)', async (round) => {
  const [one, two] = [(await add()).body, (await add()).body];
  table.mix(round);
  const both = await Promise.all([revoke(two.prefix, one.key), revoke(one.prefix, two.key)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const left = both[0]?.status === 200 ? one : two;
  expect(await listed(left.key)).toMatchObject([{ prefix: left.prefix }]);
});

test.each(['before', 'after'] as const)(
  'a revocation that dies %s its write has ended the key and its listing, or neither',
  async (when) => {
    const [one, two] = [(await add()).body, (await add()).body];
    table.crashAt(1, when);
    expect((await revoke(two.prefix, one.key)).status).toBe(503);
    expect(await listed(one.key)).toHaveLength(when === 'before' ? 2 : 1);
    expect((await call(listKeys, { key: two.key })).status).toBe(when === 'before' ? 200 : 401);
  },
);

test.each(['before', 'after'] as const)(
  'a key that is made by a function that dies %s its write is listed, or is none',
  async (when) => {
    const before = await table.all();
    table.crashAt(1, when);
    expect((await add()).status).toBe(503);
    const after = await table.keys('KEY#');
    expect(after.length - before.filter(({ pk, sk }) => `${pk} ${sk}`.includes('KEY#')).length).toBe(
      when === 'before' ? 0 : 2,
    );
    expect(await listed()).toHaveLength(when === 'before' ? 0 : 1);
  },
);

test.each(ROUNDS)(
  'two workspaces that are created with one key at once are one (round %i)',
  async (round) => {
    table.mix(round);
    const key = 'ck_test_own';
    const both = await Promise.all([createWorkspace({ key }), createWorkspace({ key })]);
    expect(both[0]).toEqual(both[1]);
    const { id } = both[0] as Extract<CreatedWorkspace, { id: number }>;
    const settings = (await table.keys(' SETTINGS')).filter((one) => one.startsWith('WORKSPACE#'));
    // Workspaces 1 and 2, and this one.
    expect(settings).toHaveLength(3);
    expect(await table.read(`KEY#${hashApiKey(key)}`, 'KEY')).toMatchObject({ workspace_id: id });
  },
);
