import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { get } from '../../../lambdas/links/handlers.ts';
import { CLICK_COUNTS } from '../../../lambdas/links/link.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create, listed, remove, show } from './link-calls.ts';

const DAY = 20_000;
const NOW = DAY * 24 * 60 * 60 * 1_000 + 1;
const table = engineTable();

/** The counts of a link, as deliver stores them. */
const count = (id: number, counts: Record<string, number>) =>
  table.put({ pk: `LINK#${id}`, sk: 'CLICKS', ...counts });

beforeEach(async () => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  for (const slug of ['/a', '/b', '/c']) await create({ slug });
});

const COUNTED = {
  clicks_total: 100,
  clicks_today: 7,
  clicks_previous_day: 5,
  clicks_thirty_days: 19,
  human_clicks_total: 90,
  human_clicks_today: 4,
  human_clicks_previous_day: 3,
  human_clicks_thirty_days: 9,
  sparkline: [2, ...Array(27).fill(0), 3, 4],
};
const STORED = {
  clicks_total: 100,
  human_clicks_total: 90,
  ...{ [`d${DAY}`]: 7, [`d${DAY - 1}`]: 5, [`d${DAY - 29}`]: 7, [`d${DAY - 30}`]: 60 },
  ...{ [`h${DAY}`]: 4, [`h${DAY - 1}`]: 3, [`h${DAY - 29}`]: 2, [`h${DAY - 30}`]: 50 },
};
const NONE = {
  ...Object.fromEntries(CLICK_COUNTS.map((name) => [name, 0])),
  sparkline: Array(30).fill(0),
};

describe('the counts of a link', () => {
  test('are the same in a list and in the link: totals, days in UTC, and a sparkline that ends today', async () => {
    await count(2, STORED);
    const { links } = await listed();
    expect(links).toMatchObject([
      { id: 3, ...NONE },
      { id: 2, ...COUNTED },
      { id: 1, ...NONE },
    ]);
    expect((await show(2)).body).toEqual({ ...links[1], webhooks: [] });
    expect((await show(1)).body).toMatchObject(NONE);
  });

  test('stay in the trash', async () => {
    await count(2, STORED);
    await remove(2);
    expect((await show(2)).body).toMatchObject({ deleted: true, ...COUNTED });
  });

  test('of another workspace are not shown', async () => {
    await count(2, STORED);
    const { status, body } = await call(get, { key: OTHER_KEY, pathParameters: { link_id: '2' } });
    expect([status, Object.keys(body)]).toEqual([404, ['error', 'code']]);
  });
});

test.each(CLICK_COUNTS)('a list can be sorted by %s, and equal links by id', async (name) => {
  const own = (id: number, clicks: number) => {
    const day = name.includes('today') ? DAY : DAY - 1;
    const stored = name.endsWith('_total') ? name : `${name.startsWith('human') ? 'h' : 'd'}${day}`;
    return count(id, { [stored]: clicks });
  };
  await create({ slug: '/d' });
  await own(1, 5);
  await own(3, 20);
  await own(4, 5);
  const ids = async (direction: string) =>
    (await listed(`sort_by=${name}&sort_dir=${direction}`)).links.map(({ id }: { id: number }) => id);
  expect(await ids('desc')).toEqual([3, 4, 1, 2]);
  expect(await ids('asc')).toEqual([2, 1, 4, 3]);
});
