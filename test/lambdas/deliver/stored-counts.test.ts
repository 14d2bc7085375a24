import { beforeEach, expect, jest, test } from '@jest/globals';
import { countClicks } from '../../../lambdas/deliver/counts.ts';
import { countsFromItem } from '../../../lambdas/links/counts.ts';
import { table } from '../../../lambdas/table.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { engineTable } from '../engine-table.ts';
import { clickOn } from './sample-click.ts';

const engine = engineTable();
const COUNTER = { table, tableName: 'main', abortSignal: AbortSignal.timeout(600_000) };

beforeEach(() => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

test('clicks are counted by day, human clicks separately', async () => {
  const late = { timestamp: '2025-01-14T23:59:59Z' };
  const bot = { bot_name: 'Googlebot' };
  const clicks = [
    clickOn(1, null, late),
    clickOn(1),
    clickOn(1, null, bot),
    clickOn(1, null, { ...late, ...bot }),
  ];
  await countClicks(COUNTER, clicks);
  await countClicks(COUNTER, [clickOn(1)]);
  const item = await engine.read('LINK#1', 'CLICKS');
  expect(countsFromItem(item, Date.UTC(2025, 0, 15, 23))).toEqual({
    clicks_total: 5,
    clicks_today: 3,
    clicks_previous_day: 2,
    clicks_thirty_days: 5,
    human_clicks_total: 3,
    human_clicks_today: 2,
    human_clicks_previous_day: 1,
    human_clicks_thirty_days: 3,
    sparkline: [...Array(28).fill(0), 1, 2],
  });
  expect(countsFromItem(item, Date.UTC(2025, 0, 16))).toMatchObject({
    clicks_today: 0,
    clicks_previous_day: 3,
    clicks_thirty_days: 5,
    sparkline: [...Array(27).fill(0), 1, 2, 0],
  });
  // The last day whose thirty days include 15 January, and the first day whose thirty days do not.
  expect(countsFromItem(item, Date.UTC(2025, 1, 13)).clicks_thirty_days).toBe(3);
  expect(countsFromItem(item, Date.UTC(2025, 1, 14))).toMatchObject({
    clicks_total: 5,
    clicks_thirty_days: 0,
    human_clicks_thirty_days: 0,
  });
});

test('days that lists no longer show are removed with later clicks', async () => {
  for (let day = 0; day < 100; day += 3) {
    const timestamp = new Date(Date.UTC(2025, 0, 1 + day)).toISOString();
    await countClicks(COUNTER, [clickOn(1, null, { timestamp })]);
  }
  const item = (await engine.read('LINK#1', 'CLICKS')) ?? {};
  expect(item.clicks_total).toBe(34);
  expect(Object.keys(item).filter((name) => /^[dh]\d+$/.test(name)).length).toBeLessThanOrEqual(2 * 11);
});

test('is not reached by bots, however often they click', async () => {
  await engine.put({
    pk: 'SLUG#go.example.com#/sale',
    sk: 'LINK',
    id: 1,
    exhausted: false,
    expiry_clicks: 1,
  });
  const exhausted = async () => (await engine.read('SLUG#go.example.com#/sale', 'LINK'))?.exhausted;
  const bot = clickOn(1, 1, { bot_name: 'Slackbot' });
  await countClicks(COUNTER, [bot, bot]);
  await countClicks(COUNTER, [bot]);
  expect(await exhausted()).toBe(false);
  await countClicks(COUNTER, [clickOn(1, 1), bot]);
  expect(await exhausted()).toBe(true);
  expect(logger.error).not.toHaveBeenCalled();
});
