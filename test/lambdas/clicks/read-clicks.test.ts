import { describe, expect, jest, test } from '@jest/globals';
import { Budget, clicksTable } from '../../../lambdas/clicks/log.ts';
import { SHARDS } from '../../../lambdas/clicks/log-entry.ts';
import { ClickLog, clicksOn, dateOf, large, report } from './click-log.ts';
import { DAY_MS, loggedClick } from './random-clicks.ts';

const log = new ClickLog();

describe('the log', () => {
  test('is read over the ends of months and years, from every partition', async () => {
    const times = [
      Date.UTC(2026, 0, 1) - 1,
      Date.UTC(2026, 0, 1),
      Date.UTC(2026, 1, 1) - 1,
      Date.UTC(2026, 1, 1),
      Date.UTC(2026, 2, 1) - 1,
      Date.UTC(2026, 6, 1),
    ];
    await log.write(times.flatMap((ms) => Array.from({ length: 20 }, () => loggedClick(ms))));
    const partitions = new Set((await log.table.all('clicks')).map(({ pk }) => pk));
    expect(partitions.size).toBe(5 * SHARDS - SHARDS);
    expect((await report('2025-12-01', '2026-07-15')).values).toEqual([['1', 120]]);
    expect((await report('2026-01-01', '2026-01-31')).values).toEqual([['1', 40]]);
    expect((await report('2026-02-01', '2026-02-28')).values).toEqual([['1', 40]]);
    const { days } = await report('2025-12-31', '2026-01-01', { timeZone: 'Europe/Berlin' });
    expect(days).toEqual([0, 40]);
  });

  test('is read a page at a time, each click once', async () => {
    const clicks = clicksOn(0, 4_800, (at) => ({ link_id: at % 7, isp: 'x'.repeat(800) }));
    await log.write(clicks);
    const { client } = clicksTable();
    const send = jest.spyOn(client, 'send');
    const { values } = await report('2026-07-15', '2026-07-15');
    expect(values.reduce((sum, [, count]) => sum + count, 0)).toBe(4_800);
    const pages = send.mock.calls.filter(([{ input }]: any[]) => input.ExclusiveStartKey);
    expect(pages.length).toBeGreaterThan(0);
  });

  test('of another workspace is never read', async () => {
    await log.write(
      clicksOn(1, 1_050, () => ({ link_id: 1 })),
      1,
    );
    await log.write(
      clicksOn(1, 1_070, () => ({ link_id: 1 })),
      11,
    );
    await log.write(clicksOn(1, 30), 2);
    for (const _again of [1, 2]) {
      expect((await report('2026-07-14', '2026-07-14')).days).toEqual([1_050]);
      expect((await report('2026-07-14', '2026-07-14', { workspaceId: 11 })).days).toEqual([1_070]);
      expect((await report('2026-07-14', '2026-07-14', { workspaceId: 2 })).days).toEqual([30]);
      expect((await report('2026-07-14', '2026-07-14', { workspaceId: 3 })).days).toEqual([0]);
    }
  });

  test('is not read before the longest retention or in the future', async () => {
    const budget = large();
    const { readFromMs, span } = await report('2000-01-01', '2099-12-31', { budget });
    expect(readFromMs).toBe(span.fromMs);
    expect((await report('2000-01-01', '2000-12-31')).days).toHaveLength(366);
    expect((await report('2030-01-01', '2030-01-02')).days).toEqual([0, 0]);
  });
});

describe('a budget', () => {
  /** About 6 KB of every 8 KB are details, so that a page of a partition has 1,000 clicks. */
  const busy = () =>
    log.write([6, 5, 4, 3, 2, 1].flatMap((ago) => clicksOn(ago, 1_000, () => ({ isp: 'x'.repeat(850) }))));
  /** Less than the first pages of all partitions take. */
  const small = () => new Budget(60_000, 300);
  const counted = async (start: string) => {
    const { readFromMs, span, days } = await report(start, '2026-07-14', { budget: small() });
    return { late: readFromMs > span.fromMs, fits: dateOf(readFromMs - 1 + DAY_MS), days };
  };

  test('that is spent ends the reading, at a day from which all clicks fit', async () => {
    await busy();
    const first = await counted('2026-07-09');
    expect(first.late).toBe(true);
    expect(first.fits > '2026-07-09' && first.fits <= '2026-07-14').toBe(true);
    const fitting = await counted(first.fits);
    expect(fitting.late).toBe(false);
    expect(new Set(fitting.days)).toEqual(new Set([1_000]));
  });

  test('that is spent leaves summaries of the days that were read, so that the next reading gets further', async () => {
    await busy();
    expect((await counted('2026-07-09')).late).toBe(true);
    const days = await log.summarisedDays();
    expect(days.length).toBeGreaterThan(0);
    expect(days.length).toBeLessThan(6);
    const second = await counted('2026-07-09');
    expect(second).toMatchObject({ late: false, days: new Array(6).fill(1_000) });
  });

  test('that is spent before all summaries are counted ends the reading as well', async () => {
    await log.write(clicksOn(3, 1_000));
    await report('2026-07-12', '2026-07-12');
    const { readFromMs, span } = await report('2026-07-12', '2026-07-12', {
      budget: new Budget(60_000, 1),
    });
    expect(readFromMs).toBe(span.toMs);
  });

  test('of no time reads nothing', async () => {
    await busy();
    const { readFromMs, span } = await report('2026-07-09', '2026-07-14', { budget: new Budget(0, 1e9) });
    expect(readFromMs).toBe(span.toMs);
  });
});
