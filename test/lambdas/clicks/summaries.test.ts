import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logger } from '../../../lambdas/telemetry.ts';
import { beforeRequest, ClickLog, clicksOn, large, report, TODAY } from './click-log.ts';
import { HOUR_MS } from './random-clicks.ts';

const log = new ClickLog();

describe('summaries', () => {
  test('are stored for past days of 1,000 clicks or more, when they are first asked for', async () => {
    await log.write([...clicksOn(3, 1_000), ...clicksOn(2, 999), ...clicksOn(0, 1_100)]);
    expect(await log.summaries()).toEqual([]);
    const first = await report('2026-07-12', '2026-07-15');
    expect(first.days).toEqual([1_000, 999, 0, 1_100]);
    expect(await log.summarisedDays()).toEqual(['DAYS#1 2026-07-12']);
    const [before] = await log.summaries();
    expect(await report('2026-07-12', '2026-07-15')).toEqual(first);
    expect(await log.summaries()).toEqual([before]);
  });

  test('are not stored for a day of which only a part was asked for', async () => {
    await log.write(clicksOn(3, 1_500));
    await report('2026-07-12', '2026-07-12', { timeZone: 'America/New_York' });
    expect(await log.summaries()).toEqual([]);
    await report('2026-07-11', '2026-07-12', { timeZone: 'America/New_York' });
    expect(await log.summarisedDays()).toEqual(['DAYS#1 2026-07-12']);
  });

  test('are stored two hours after the end of their day, when no more clicks can arrive', async () => {
    await log.write(clicksOn(1, 1_000));
    log.nowMs = TODAY + 2 * HOUR_MS - 1;
    await report('2026-07-14', '2026-07-14');
    expect(await log.summaries()).toEqual([]);
    log.nowMs = TODAY + 2 * HOUR_MS;
    await report('2026-07-14', '2026-07-14');
    expect(await log.summarisedDays()).toEqual(['DAYS#1 2026-07-14']);
  });

  test('save reading the clicks', async () => {
    await log.write(clicksOn(3, 1_200, () => ({ isp: 'x'.repeat(700) })));
    const budgets = [large(), large()];
    for (const budget of budgets) await report('2026-07-12', '2026-07-12', { budget });
    expect(budgets[1]?.units).toBeLessThan((budgets[0]?.units ?? 0) / 20);
  });

  describe('of several parts', () => {
    const random = () => Array.from({ length: 700 }, () => Math.random().toString(36).at(-1)).join('');
    const counted = () => report('2026-07-12', '2026-07-12').then(({ days }) => days);

    beforeEach(async () => {
      await log.write(clicksOn(3, 1_400, () => ({ isp: random() })));
      expect(await counted()).toEqual([1_400]);
      expect((await log.summaries()).length).toBeGreaterThan(1);
    });

    test('are ignored and stored again while a part is missing', async () => {
      const stored = await log.summaries();
      await log.table.remove(stored[0] as never, 'clicks');
      expect(await counted()).toEqual([1_400]);
      expect(await log.summaries()).toHaveLength(stored.length);
    });

    test('are ignored while a part comes from another writer', async () => {
      const [first, ...others] = await log.summaries();
      await log.table.putAll([{ ...first, token: 'another' } as never], 'clicks');
      expect(await counted()).toEqual([1_400]);
      expect(new Set((await log.summaries()).map(({ token }) => token)).size).toBe(1);
      expect(others.length).toBeGreaterThan(0);
    });

    test('fit into an item each', async () => {
      for (const { clicks } of await log.summaries()) expect(clicks.length).toBeLessThanOrEqual(300_000);
    });
  });

  test('written by several readers at once leave answers right', async () => {
    await log.write(clicksOn(3, 1_300));
    const days = await Promise.all(Array.from({ length: 6 }, () => report('2026-07-12', '2026-07-12')));
    for (const one of days) expect(one.days).toEqual([1_300]);
    expect((await report('2026-07-12', '2026-07-12')).days).toEqual([1_300]);
  });

  test('that cannot be stored fail no report', async () => {
    await log.write(clicksOn(3, 1_000));
    jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
    beforeRequest(
      ({ Item }) => Item !== undefined,
      () => Promise.reject(new Error('ProvisionedThroughputExceededException')),
    );
    expect((await report('2026-07-12', '2026-07-12')).days).toEqual([1_000]);
  });
});
