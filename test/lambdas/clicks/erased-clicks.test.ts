import { describe, expect, test } from '@jest/globals';
import { countErasure } from '../../../lambdas/clicks/summaries.ts';
import { beforeRequest, ClickLog, clicksOn, large, report, TODAY } from './click-log.ts';
import { DAY_MS } from './random-clicks.ts';

const log = new ClickLog();

describe('after clicks were erased', () => {
  const erase = async () => {
    const clicks = (await log.table.all('clicks')).filter(
      ({ pk, link_id }) => pk.startsWith('CLICK#1#') && link_id === 2,
    );
    for (const item of clicks) await log.table.remove(item, 'clicks');
    await countErasure(1);
  };
  const both = () => log.write([...clicksOn(3, 1_100), ...clicksOn(3, 50, () => ({ link_id: 2 }))]);

  test('no summary from before is used, and a new one is stored', async () => {
    await both();
    expect((await report('2026-07-12', '2026-07-12')).values).toEqual([
      ['1', 1_100],
      ['2', 50],
    ]);
    await erase();
    expect((await report('2026-07-12', '2026-07-12')).values).toEqual([['1', 1_100]]);
    expect((await log.summaries()).map(({ erasures }) => erasures)).toEqual([1]);
  });

  test('a summary whose clicks were erased while it was made is not used', async () => {
    await both();
    let erased = 0;
    beforeRequest(({ Item }) => Item !== undefined && erased++ === 0, erase);
    await report('2026-07-12', '2026-07-12');
    expect((await log.summaries()).map(({ erasures }) => erasures)).toEqual([0]);
    expect((await report('2026-07-12', '2026-07-12')).values).toEqual([['1', 1_100]]);
  });

  test('summaries of other workspaces stay valid', async () => {
    await both();
    await log.write(clicksOn(3, 1_000), 2);
    await report('2026-07-12', '2026-07-12', { workspaceId: 2 });
    await erase();
    const budget = large();
    expect((await report('2026-07-12', '2026-07-12', { workspaceId: 2, budget })).days).toEqual([1_000]);
    expect(budget.units).toBeLessThan(10);
  });
});

describe('clicks that have expired', () => {
  const expiring = clicksOn(3, 10, () => ({ link_id: 2 }));

  test('are not counted, although they are still stored', async () => {
    await log.write(clicksOn(3, 20));
    await log.write(expiring, 1, 3);
    log.nowMs = TODAY + 2 * DAY_MS;
    expect((await report('2026-07-12', '2026-07-12')).values).toEqual([['1', 20]]);
  });

  test('are not counted from a summary, which expires with the first of its clicks', async () => {
    await log.write(clicksOn(3, 1_000));
    await log.write(expiring, 1, 10);
    expect((await report('2026-07-12', '2026-07-12')).days).toEqual([1_010]);
    const [stored] = await log.summaries();
    expect(stored?.ttl).toBe((TODAY + 7 * DAY_MS) / 1_000);
    log.nowMs = TODAY + 7 * DAY_MS;
    expect((await report('2026-07-12', '2026-07-12')).days).toEqual([1_009]);
    log.nowMs = TODAY + 9 * DAY_MS;
    expect((await report('2026-07-12', '2026-07-12')).values).toEqual([['1', 1_000]]);
  });
});
