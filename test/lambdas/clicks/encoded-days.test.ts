import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  COLUMNS,
  type Column,
  DayBuilder,
  type DayClicks,
  STEP_MS,
  valueIn,
} from '../../../lambdas/clicks/columns.ts';
import { decodePart, encodeDay } from '../../../lambdas/clicks/encoded-days.ts';
import { ulidTime } from '../../../lambdas/clicks/identity.ts';
import type { LoggedClick } from '../../../lambdas/clicks/log-entry.ts';
import { clickAt, countedAs, DAY_MS, loggedClick } from './random-clicks.ts';

const DAY = 20_000;
const LIMIT = 300_000;

function dayOf(clicks: LoggedClick[]): DayClicks {
  const builder = new DayBuilder(DAY);
  for (const click of clicks) builder.add(Math.floor((ulidTime(click.id) % DAY_MS) / STEP_MS), click);
  expect(builder.count).toBe(clicks.length);
  return builder.clicks();
}

/** The clicks of a day as rows: the quarter of an hour, then the value of each column. */
const rows = ({ steps, columns }: DayClicks) =>
  Array.from(steps, (step, at) => [
    step,
    ...COLUMNS.map((name) => columns[name].values[columns[name].indexes[at] ?? 0]),
  ]);

/** Compared as text, because comparing a million values one by one takes seconds. */
const isSame = (parts: Buffer[], day: DayClicks) =>
  JSON.stringify(decoded(parts).flatMap(rows)) === JSON.stringify(rows(day));

const decoded = (parts: Buffer[]) => parts.map(decodePart);
const inTheDay = fc.integer({ min: 0, max: DAY_MS - 1 }).map((ms) => DAY * DAY_MS + ms);

/** A day whose clicks each have the value that `of` returns for their number in one column. */
function dayWith(column: Column, total: number, of: (at: number) => string | null): DayClicks {
  const clicks = dayOf([]);
  const constant = { values: [null], indexes: new Array(total).fill(0) };
  const values = [...new Set(Array.from({ length: total }, (_, at) => of(at)))];
  const places = new Map(values.map((value, index) => [value, index]));
  const own = { values, indexes: Array.from({ length: total }, (_, at) => places.get(of(at)) ?? 0) };
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, name === column ? own : constant]));
  return { ...clicks, steps: Array.from({ length: total }, (_, at) => at % 96), columns: columns as never };
}

describe('the clicks of a day', () => {
  test('are the same after encoding and decoding, in their order', () => {
    fc.assert(
      fc.property(fc.array(clickAt(inTheDay), { minLength: 1, maxLength: 80 }), (clicks) => {
        const [whole, ...more] = decoded(encodeDay(dayOf(clicks), LIMIT));
        expect(more).toEqual([]);
        expect(whole?.day).toBe(DAY);
        expect(rows(whole as DayClicks)).toEqual(rows(dayOf(clicks)));
      }),
    );
  });

  test('of any text, with null, blanks, non-characters and half pairs, are the same after encoding and decoding', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'null', '\0', '\ud800', '\uffff', '👩', '__proto__', '"', '\\'),
    );
    fc.assert(
      fc.property(fc.array(fc.option(texts), { minLength: 1, maxLength: 50 }), (values) => {
        const day = dayWith('isp', values.length, (at) => values[at] ?? null);
        const [whole] = decoded(encodeDay(day, LIMIT));
        expect(rows(whole as DayClicks)).toEqual(rows(day));
      }),
    );
  });

  test('have the value of each column that the click has', () => {
    fc.assert(
      fc.property(clickAt(inTheDay), (click) => {
        for (const column of COLUMNS) {
          const value = valueIn(column, click);
          const expected = countedAs(click, column);
          if (column === 'params') expect(value === null ? [] : JSON.parse(value)).toEqual(expected);
          else if (column === 'destination') expect(value).toBe(click.destination ?? `=${click.link_id}`);
          else expect([value]).toEqual(expected);
        }
      }),
    );
  });

  test.each([1, 2, 255, 256, 257, 65_535, 65_536, 65_537])(
    'with %i distinct values in a column are the same after encoding and decoding',
    (distinct) => {
      const total = distinct + 1_000;
      const day = dayWith('params', total, (at) => (at % distinct === 0 ? null : `value ${at % distinct}`));
      expect(isSame(encodeDay(day, 100 * LIMIT), day)).toBe(true);
    },
  );

  test.each([
    ['that cannot be compressed', 60_000, (at: number) => `${at} ${Math.random()} ${Math.random()}`],
    ['with few values', 60_000, (at: number) => String(at % 7)],
    ['with one long value each', 3_000, (at: number) => `${at}`.padEnd(800, String(Math.random()))],
  ])('%s are split into parts that each fit', (_name, total, of) => {
    const values = Array.from({ length: total }, (_, at) => of(at));
    const day = dayWith('params', total, (at) => values[at] ?? null);
    const parts = encodeDay(day, LIMIT);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(LIMIT);
    expect(isSame(parts, day)).toBe(true);
  });

  test('of a part are only a few bytes each when their values repeat', () => {
    const clicks = Array.from({ length: 20_000 }, (_, at) =>
      loggedClick(DAY * DAY_MS + at * 4_000, {
        country: ['DE', 'US', 'FR'][at % 3] as string,
        platform: ['ios', 'desktop'][at % 2] as string,
      }),
    );
    const [whole, ...more] = encodeDay(dayOf(clicks), LIMIT);
    expect(more).toEqual([]);
    expect((whole as Buffer).length / clicks.length).toBeLessThan(2);
  });

  test('are one part when there is a single click that is larger than a part', () => {
    const day = dayWith('params', 1, () => String(Math.random()).repeat(100));
    expect(decoded(encodeDay(day, 10)).flatMap(rows)).toEqual(rows(day));
  });
});
