import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { runs } from '../../full-runs.ts';
import { engineTable, KEY, OTHER_KEY } from '../engine-table.ts';
import { add, listed } from './domain-calls.ts';

// Like AWS, the engine cancels a transaction that conflicts with another request at an item.
const table = engineTable({ onConflict: 'cancel' });
const ROUNDS = Array.from({ length: runs(12, 3) }, (_, index) => index + 1);

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

test.each(ROUNDS)(
  'of two adds of one domain in a workspace one is a 201, the other a 200 (round %i)',
  async (round) => {
    table.mix(round);
    const both = await Promise.all([add('go.example.com'), add('go.example.com')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect(await listed()).toHaveLength(1);
  },
);

test.each(ROUNDS)(
  'of two workspaces that add one domain one gets it, the other a 422 (round %i)',
  async (round) => {
    table.mix(round);
    const both = await Promise.all([add('go.example.com'), add('go.example.com', OTHER_KEY)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    const lists = await Promise.all([listed(KEY), listed(OTHER_KEY)]);
    expect(lists.map((list) => list.length)).toEqual(both.map(({ status }) => (status === 201 ? 1 : 0)));
    expect(await table.keys(' DOMAIN#')).toHaveLength(1);
  },
);

test('of many simultaneous adds exactly as many succeed as the limit allows', async () => {
  for (let number = 1; number <= 97; number++) {
    const name = `d${number}.example.com`;
    await table.put({ pk: `DOMAIN#${name}`, sk: 'DOMAIN', id: number, name, workspace_id: 1, favicon: null });
    await table.put({ pk: 'WORKSPACE#1', sk: `DOMAIN#${name}`, name });
  }
  table.mix(1);
  const names = Array.from({ length: 8 }, (_, number) => `new${number}.example.com`);
  const statuses = (await Promise.all(names.map((name) => add(name)))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
  expect(await listed()).toHaveLength(100);
});
