import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COLUMNS } from '../../../lambdas/clicks/columns.ts';
import type { Bots } from '../../../lambdas/clicks/fold.ts';
import { ulidTime } from '../../../lambdas/clicks/identity.ts';
import { byValue, ClickLog, dateOf, NOW, report, TODAY } from './click-log.ts';
import { clickAt, countedAs, DAY_MS } from './random-clicks.ts';

const log = new ClickLog();

test('summaries change no answer, whether they exist, are deleted or are made at the same time', async () => {
  const times = fc.oneof(
    // Two busy days, with quiet ones around them.
    ...[2, 4].map((ago) => ({
      weight: 2,
      arbitrary: fc.integer({ min: TODAY - ago * DAY_MS, max: TODAY - (ago - 1) * DAY_MS - 1 }),
    })),
    { weight: 1, arbitrary: fc.integer({ min: TODAY - 16 * DAY_MS, max: NOW }) },
  );
  const clicks = fc.sample(clickAt(times), { seed: 16, numRuns: 2_800 });
  await log.write(clicks);
  const reports = fc.record({
    first: fc.integer({ min: 0, max: 18 }),
    days: fc.integer({ min: 1, max: 18 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
    column: fc.constantFrom(...COLUMNS.filter((name) => name !== 'params' && name !== 'destination')),
    bots: fc.constantFrom<Bots>('include', 'exclude', 'only'),
    country: fc.option(fc.constantFrom('DE', 'US')),
    state: fc.constantFrom('with', 'without', 'two at once'),
  });
  await fc.assert(
    fc.asyncProperty(reports, async ({ first, days, timeZone, column, bots, country, state }) => {
      const [start, end] = [TODAY - first * DAY_MS, TODAY - (first - days + 1) * DAY_MS].map(dateOf);
      const filter = { bots, columns: country ? { country: [country] } : {} };
      if (state !== 'with') await log.deleteSummaries();
      const ask = () => report(start as string, end as string, { timeZone, filter, column });
      const answers = await Promise.all(state === 'two at once' ? [ask(), ask()] : [ask()]);
      for (const { span, readFromMs, values } of answers) {
        expect(readFromMs).toBe(span.fromMs);
        const naive = new Map<string | null, number>();
        for (const click of clicks) {
          const ms = ulidTime(click.id);
          if (ms < span.fromMs || ms >= span.toMs || (country && click.country !== country)) continue;
          if (bots !== 'include' && (click.bot !== undefined) !== (bots === 'only')) continue;
          const [value = null] = countedAs(click, column);
          naive.set(value, (naive.get(value) ?? 0) + 1);
        }
        expect(values).toEqual(byValue(naive));
      }
    }),
    { numRuns: 40 },
  );
  await report(dateOf(TODAY - 16 * DAY_MS), dateOf(TODAY));
  expect(await log.summarisedDays()).toEqual(['DAYS#1 2026-07-11', 'DAYS#1 2026-07-13']);
});
