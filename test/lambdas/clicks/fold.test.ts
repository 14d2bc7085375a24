import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketsOf, type Span, spanOf } from '../../../lambdas/clicks/buckets.ts';
import {
  COLUMNS,
  type Column,
  DayBuilder,
  type DayClicks,
  STEP_MS,
} from '../../../lambdas/clicks/columns.ts';
import {
  type Bots,
  countersFold,
  type Filter,
  linkSeriesFold,
  seriesFold,
  together,
} from '../../../lambdas/clicks/fold.ts';
import { ulidTime } from '../../../lambdas/clicks/identity.ts';
import type { LoggedClick } from '../../../lambdas/clicks/log-entry.ts';
import { clickAt, countedAs, DAY_MS } from './random-clicks.ts';

const FIRST = Date.UTC(2026, 2, 26);
const DAYS = 8;

/** Columns that clients can filter by. `destination` and `params` are stored in another form. */
const FILTERED = COLUMNS.filter((name) => name !== 'destination' && name !== 'params');
const values: Partial<Record<Column, string[]>> = { link_id: ['1', '2', '10'], country: ['DE', 'US'] };
const someValues = (column: Column) =>
  fc.uniqueArray(
    fc.constantFrom(
      ...(values[column] ?? [
        'Chrome',
        'ios',
        'constructor',
        'Googlebot',
        'news.example.com',
        'newsletter',
        '2',
      ]),
    ),
    { minLength: 1, maxLength: 3 },
  );
const filters: fc.Arbitrary<Filter> = fc.record({
  bots: fc.constantFrom<Bots>('include', 'exclude', 'only'),
  columns: fc
    .uniqueArray(fc.constantFrom(...FILTERED), { maxLength: 2 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, someValues(name)])) as never),
    ) as fc.Arbitrary<Filter['columns']>,
});

const spans: fc.Arbitrary<Span> = fc
  .tuple(
    fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'),
    fc.integer({ min: 0, max: DAYS }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([timeZone, first, more]) => {
    const date = (number: number) => new Date(FIRST + number * DAY_MS).toISOString().slice(0, 10);
    return spanOf(date(first), date(first + more), timeZone);
  });

const clicks = fc.array(clickAt(fc.integer({ min: FIRST, max: FIRST + DAYS * DAY_MS - 1 })), {
  maxLength: 120,
});

/** The clicks as the log gives them to a fold: by days, and a day in any number of parts. */
function daysWith(all: LoggedClick[], parts: number): DayClicks[] {
  const days = new Map<string, DayBuilder>();
  for (const [index, click] of all.entries()) {
    const ms = ulidTime(click.id);
    const day = Math.floor(ms / DAY_MS);
    const name = `${day} ${index % parts}`;
    const builder = days.get(name) ?? new DayBuilder(day);
    days.set(name, builder);
    builder.add(Math.floor((ms % DAY_MS) / STEP_MS), click);
  }
  return [...days.values()].map((builder) => builder.clicks());
}

/** The clicks that a report is about, found one by one. */
const matching = (all: LoggedClick[], { fromMs, toMs }: Span, { bots, columns }: Filter) =>
  all.filter((click) => {
    const ms = ulidTime(click.id);
    const isBot = click.bot !== undefined;
    const fits = Object.entries(columns).every(([column, wanted]) =>
      wanted.includes(countedAs(click, column as Column)[0] ?? '\0'),
    );
    return ms >= fromMs && ms < toMs && fits && (bots === 'include' || isBot === (bots === 'only'));
  });

const anyReport = fc.record({
  all: clicks,
  own: spans,
  filter: filters,
  parts: fc.integer({ min: 1, max: 3 }),
});
const runs = { numRuns: 300 };

describe('counts of any clicks, span and filter', () => {
  test.each(['day', 'hour'] as const)('by %s are those of a naive count', (frequency) => {
    fc.assert(
      fc.property(anyReport, ({ all, own, filter, parts }) => {
        const buckets = bucketsOf(own, frequency);
        const fold = seriesFold(own, buckets, filter);
        for (const day of daysWith(all, parts)) fold.add(day);
        const found = matching(all, own, filter).map(({ id }) => ulidTime(id));
        const naive = buckets.map(({ startMs }, index) => {
          const endMs = buckets[index + 1]?.startMs ?? own.toMs;
          return found.filter((ms) => ms >= startMs && ms < endMs).length;
        });
        expect([...fold.result()]).toEqual(naive);
        expect(naive.reduce((sum, one) => sum + one, 0)).toBe(found.length);
      }),
      runs,
    );
  });

  test('by day and link are those of a naive count, for the links that were clicked', () => {
    fc.assert(
      fc.property(anyReport, ({ all, own, filter, parts }) => {
        const buckets = bucketsOf(own, 'day');
        const fold = linkSeriesFold(own, buckets, filter);
        for (const day of daysWith(all, parts)) fold.add(day);
        const byLink = Map.groupBy(matching(all, own, filter), ({ link_id }) => link_id);
        expect([...fold.result().keys()].sort()).toEqual([...byLink.keys()].sort());
        for (const [id, counts] of fold.result())
          expect(counts.reduce((sum, one) => sum + one, 0)).toBe(byLink.get(id)?.length);
      }),
      runs,
    );
  });

  test.each(COLUMNS.filter((name) => name !== 'params'))('by %s are those of a naive count', (column) => {
    fc.assert(
      fc.property(anyReport, ({ all, own, filter, parts }) => {
        const fold = countersFold(own, column, filter);
        for (const day of daysWith(all, parts)) fold.add(day);
        const naive = new Map<string | null, number>();
        for (const click of matching(all, own, filter)) {
          const [value = null] =
            column === 'destination' ? [click.destination ?? `=${click.link_id}`] : countedAs(click, column);
          naive.set(value, (naive.get(value) ?? 0) + 1);
        }
        const sorted = (counts: Map<string | null, number>) =>
          [...counts].sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1));
        expect(sorted(fold.result())).toEqual(sorted(naive));
      }),
      { numRuns: 100 },
    );
  });

  test('are the same when several are made in one reading', () => {
    fc.assert(
      fc.property(anyReport, ({ all, own, filter, parts }) => {
        const folds = () => ({
          days: seriesFold(own, bucketsOf(own, 'day'), filter),
          countries: countersFold(own, 'country', filter),
        });
        const [one, other] = [folds(), together(folds())];
        for (const day of daysWith(all, parts)) {
          one.days.add(day);
          one.countries.add(day);
          other.add(day);
        }
        expect(other.result()).toEqual({ days: one.days.result(), countries: one.countries.result() });
      }),
    );
  });
});
