import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bucketOfStep,
  bucketsOf,
  dateIn,
  daysOf,
  type Frequency,
  isTimeZone,
  plusDays,
  type Span,
  spanOf,
} from '../../../lambdas/clicks/buckets.ts';
import { STEP_MS } from '../../../lambdas/clicks/columns.ts';
import { DAY_MS, HOUR_MS } from './random-clicks.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const zone = fc.constantFrom(...ZONES);
/** Days on which clicks can be in the log. Before 2012, some clocks changed a minute after midnight. */
const day = fc.integer({ min: Date.UTC(2012, 0) / DAY_MS, max: Date.UTC(2040, 0) / DAY_MS });
const dateOf = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10);
const span = (most: number) =>
  fc
    .tuple(zone, day, fc.integer({ min: 0, max: most }))
    .map(([timeZone, first, more]) => spanOf(dateOf(first), dateOf(first + more), timeZone));

/** The local time of an instant, as Intl formats it: `2027-01-31T12:00:00`. */
function formatter(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (ms) => format.format(ms).replace(' ', 'T');
}

const hoursOn = (date: string, timeZone: string) =>
  bucketsOf(spanOf(date, date, timeZone), 'hour').map(({ t }) => t.slice(11, 16));

describe.each(['day', 'hour'] as Frequency[])('the buckets of a span by %s', (frequency) => {
  test('ascend and begin where the span does, in every time zone', () => {
    fc.assert(
      fc.property(span(40), (own) => {
        const starts = bucketsOf(own, frequency).map(({ startMs }) => startMs);
        expect(starts[0]).toBe(own.fromMs);
        for (const [index, start] of starts.entries()) {
          expect(start).toBeLessThan(starts[index + 1] ?? own.toMs);
          expect(start % STEP_MS).toBe(0);
        }
      }),
    );
  });

  test('are named by the local time at which they begin', () => {
    fc.assert(
      fc.property(span(5), (own) => {
        const local = formatter(own.timeZone);
        for (const { t, startMs } of bucketsOf(own, frequency))
          expect(local(startMs).startsWith(t)).toBe(true);
      }),
    );
  });

  test('are those in which Intl sees each quarter of an hour', () => {
    fc.assert(
      fc.property(span(3), (own) => {
        const buckets = bucketsOf(own, frequency);
        const local = formatter(own.timeZone);
        const length = frequency === 'day' ? 10 : 13;
        for (const [step, bucket] of bucketOfStep(own, buckets).entries())
          expect(buckets[bucket]?.t.slice(0, length)).toBe(
            local(own.fromMs + step * STEP_MS).slice(0, length),
          );
      }),
    );
  });
});

test('every day of a span has one bucket, and their number is the number of days', () => {
  fc.assert(
    fc.property(span(400), (own) => {
      const names = bucketsOf(own, 'day').map(({ t }) => t);
      expect(names).toHaveLength(daysOf(own));
      expect(names).toEqual(names.map((_name, index) => plusDays(own.start, index)));
      expect(names.at(-1)).toBe(own.end);
    }),
  );
});

test('a day without a change of clocks has 24 hours, and others have as many as pass', () => {
  fc.assert(
    fc.property(zone, day, (timeZone, number) => {
      const own = spanOf(dateOf(number), dateOf(number), timeZone);
      const hours = bucketsOf(own, 'hour');
      const passed = (own.toMs - own.fromMs) / HOUR_MS;
      expect(hours).toHaveLength(Math.ceil(passed));
      if (passed === 24) expect(hours.map(({ t }) => Number(t.slice(11, 13)))).toEqual([...Array(24).keys()]);
    }),
    { numRuns: 500 },
  );
});

/** A day, its time zone, how many hours it has, and what is special in them. */
const CHANGES: [
  name: string,
  date: string,
  zone: string,
  hours: number,
  found: string[],
  missing: string[],
][] = [
  ['an hour is left out', '2026-03-29', 'Europe/Berlin', 23, ['01:00', '03:00'], ['02:00']],
  ['an hour is repeated', '2026-10-25', 'Europe/Berlin', 25, ['01:00', '02:00', '02:00', '03:00'], []],
  ['an hour is left out', '2026-03-08', 'America/New_York', 23, ['01:00', '03:00'], ['02:00']],
  ['an hour is repeated', '2026-11-01', 'America/New_York', 25, ['01:00', '01:00', '02:00'], []],
  [
    'half an hour is left out',
    '2025-10-05',
    'Australia/Lord_Howe',
    24,
    ['01:00', '02:30', '03:00'],
    ['02:00'],
  ],
  ['half an hour is repeated', '2026-04-05', 'Australia/Lord_Howe', 25, ['01:00', '01:30', '02:00'], []],
  ['the day begins at one', '2025-09-07', 'America/Santiago', 23, ['01:00', '02:00'], ['00:00']],
  ['the last hour is repeated', '2026-04-04', 'America/Santiago', 25, ['22:00', '23:00', '23:00'], []],
  ['the day begins at one', '2026-04-24', 'Africa/Cairo', 23, ['01:00'], ['00:00']],
  ['the last hour is repeated', '2026-10-29', 'Africa/Cairo', 25, ['23:00', '23:00'], []],
  ['the offset has 45 minutes', '2026-01-15', 'Asia/Kathmandu', 24, ['00:00', '23:00'], []],
  ['the offset is 14 hours', '2026-01-15', 'Pacific/Kiritimati', 24, ['00:00', '23:00'], []],
];

test.each(CHANGES)('when %s, %s in %s has %i hours', (_name, date, timeZone, total, found, missing) => {
  const hours = hoursOn(date, timeZone);
  expect(hours).toHaveLength(total);
  expect(hours.join()).toContain(found.slice(0, -1).join());
  for (const hour of found) expect(hours).toContain(hour);
  for (const hour of missing) expect(hours).not.toContain(hour);
});

test('a day that a time zone left out has a bucket without length, and its neighbours have theirs', () => {
  const buckets = bucketsOf(spanOf('2011-12-29', '2011-12-31', 'Pacific/Apia'), 'day');
  expect(buckets.map(({ t }) => t)).toEqual(['2011-12-29', '2011-12-30', '2011-12-31']);
  expect(buckets[1]?.startMs).toBe(buckets[2]?.startMs);
});

test('many years have all their days and hours', () => {
  expect(bucketsOf(spanOf('2000-01-01', '2099-12-31', 'Europe/Berlin'), 'day')).toHaveLength(36_525);
  const hours = bucketsOf(spanOf('2019-01-01', '2024-09-08', 'Australia/Lord_Howe'), 'hour');
  expect(hours.length).toBeGreaterThan(49_000);
});

test('today is the date that Intl shows', () => {
  const instant = fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2040, 0) });
  fc.assert(
    fc.property(zone, instant, (timeZone, nowMs) => {
      expect(dateIn(timeZone, nowMs, 0)).toBe(formatter(timeZone)(nowMs).slice(0, 10));
    }),
  );
});

describe('a time zone', () => {
  test.each([
    ...ZONES.filter((_zone, index) => index % 40 === 0),
    'UTC',
    'EST',
    'Etc/GMT+5',
    'europe/berlin',
  ])('%s can be used', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  // Clicks are counted in quarters of an hour, so an offset of minutes would move them.
  test.each([
    '',
    'Mars/Olympus',
    '+05:30',
    '-03:00',
    '+05:07',
    '\u221205:00',
    'Z',
    '05:30',
    'constructor',
    'UTC ',
    '../etc',
  ])('%j cannot be used', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

test('every offset since 2012 is a multiple of a quarter of an hour, on which reports rely', () => {
  const starts = (own: Span) => bucketsOf(own, 'day').map(({ startMs }) => startMs % STEP_MS);
  for (const timeZone of ZONES)
    expect([timeZone, new Set(starts(spanOf('2012-01-01', '2012-12-31', timeZone)))]).toEqual([
      timeZone,
      new Set([0]),
    ]);
});
