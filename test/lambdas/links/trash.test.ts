import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/core/telemetry.ts';
import { type FakeTable, tableWithWorkspaces } from '../fake-table.ts';
import { create, remove, show, update } from './link-calls.ts';

const NOW = Date.UTC(2025, 0, 15);
const DAY_MS = 24 * 60 * 60 * 1_000;
const IN_30_DAYS = Date.UTC(2025, 1, 14) / 1_000;
const HOOK = 'https://8.8.8.8/hook';

let table: FakeTable;
let clock: jest.SpiedFunction<typeof Date.now>;

/** When each item of link 1 is to be purged, by its sort key. */
function purges(): Record<string, unknown> {
  const own = [...table.items.values()].filter(({ pk, id }) => pk === 'LINK#1' || id === 1);
  const links = own.filter(({ pk }) => String(pk).startsWith('SLUG#') || pk === 'LINK#1');
  return Object.fromEntries(
    links.map(({ pk, sk, purge_at }) => [
      String(sk).startsWith('HOOK#') ? 'HOOK' : `${String(pk).slice(0, 4)} ${sk}`,
      purge_at,
    ]),
  );
}

beforeEach(async () => {
  table = tableWithWorkspaces();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
  await create({ slug: '/sale', webhooks: [HOOK] });
  table.put({ pk: 'LINK#1', sk: 'CLICKS', clicks_total: 3 });
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a link in the trash', () => {
  test('is purged after 30 days, with its pointer, counts and hooks', async () => {
    await remove(1);
    expect(purges()).toEqual({
      'SLUG LINK': IN_30_DAYS,
      'LINK LINK': IN_30_DAYS,
      'LINK CLICKS': IN_30_DAYS,
      HOOK: IN_30_DAYS,
    });
  });

  test('counts its days from when it came there, whatever is saved meanwhile', async () => {
    await remove(1);
    clock.mockReturnValue(NOW + 10 * DAY_MS);
    await update({ id: 1, name: 'Renamed', slug: '/moved' });
    await remove(1);
    expect(Object.values(purges())).toEqual(Array(4).fill(IN_30_DAYS));
  });

  test('is kept once it is taken out, with all that belongs to it', async () => {
    await remove(1);
    await update({ id: 1, deleted: false });
    expect(purges()).toEqual({
      'SLUG LINK': null,
      'LINK LINK': undefined,
      'LINK CLICKS': undefined,
      HOOK: undefined,
    });
    clock.mockReturnValue(NOW + 10 * DAY_MS);
    await remove(1);
    expect(purges()['SLUG LINK']).toBe(IN_30_DAYS + 10 * 24 * 60 * 60);
  });

  test('is dealt with whole when deleting it is repeated after a crash', async () => {
    table.writes.length = 0;
    table.crash = { write: 2, when: 'before' };
    await remove(1);
    table.crash = undefined;
    expect((await remove(1)).status).toBe(200);
    expect(Object.values(purges())).toEqual(Array(4).fill(IN_30_DAYS));
  });

  test('leaves nothing that anybody sees when it is gone, and its slug is free', async () => {
    await remove(1);
    for (const key of [...table.items.keys()]) {
      if (table.items.get(key)?.purge_at) table.items.delete(key);
    }
    expect([...table.items.keys()].filter((key) => /LINK#1|sale/.test(key))).toEqual([]);
    expect((await show(1)).status).toBe(404);
    expect((await create({ slug: '/sale' })).status).toBe(200);
  });
});

test('a link in use, and all that belongs to it, is never purged', async () => {
  await update({ id: 1, name: 'Renamed' });
  expect(Object.values(purges()).filter(Boolean)).toEqual([]);
});
