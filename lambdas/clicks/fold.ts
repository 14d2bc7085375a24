import { type Bucket, bucketOfStep, type Span } from './buckets.ts';
import { COLUMNS, type Column, DAY_MS, type DayClicks, STEP_MS } from './columns.ts';

/** Which clicks a report is about: those of bots too, without them, or only them. */
export type Bots = 'include' | 'exclude' | 'only';

/** What clicks must be: in each column one of the values. */
export type Filter = { bots: Bots; columns: Partial<Record<Column, string[]>> };

type Test = { indexes: ArrayLike<number>; passes: boolean[] };

/** For each filtered column of a day, which of its values pass. Null when no click can pass. */
function testsOf({ columns }: DayClicks, filter: Filter): Test[] | null {
  const tests: Test[] = [];
  const test = (column: Column, passes: (value: string | null) => boolean) =>
    tests.push({ indexes: columns[column].indexes, passes: columns[column].values.map(passes) });
  if (filter.bots !== 'include') test('bot_name', (name) => (name !== null) === (filter.bots === 'only'));
  for (const column of COLUMNS) {
    const wanted = filter.columns[column];
    if (wanted) test(column, (value) => value !== null && wanted.includes(value));
  }
  return tests.some(({ passes }) => !passes.includes(true)) ? null : tests;
}

/** Calls `found` with the place of each click of a day that is in the span and passes the filter, and its quarter of an hour in the span. */
function eachMatch(
  clicks: DayClicks,
  { fromMs, toMs }: Span,
  filter: Filter,
  found: (at: number, step: number) => void,
): void {
  const tests = testsOf(clicks, filter);
  if (!tests) return;
  const firstStep = (clicks.day * DAY_MS - fromMs) / STEP_MS;
  const steps = (toMs - fromMs) / STEP_MS;
  for (let at = 0; at < clicks.steps.length; at++) {
    const step = firstStep + (clicks.steps[at] ?? 0);
    if (step < 0 || step >= steps) continue;
    if (tests.every(({ indexes, passes }) => passes[indexes[at] ?? 0])) found(at, step);
  }
}

/** Counts that clicks are added to, day by day. */
export type Fold<Result> = { add: (clicks: DayClicks) => void; result: () => Result };

/** How many clicks are in each bucket. */
export function seriesFold(span: Span, buckets: Bucket[], filter: Filter): Fold<Uint32Array> {
  const counts = new Uint32Array(buckets.length);
  const bucketOf = bucketOfStep(span, buckets);
  return {
    add: (clicks) =>
      eachMatch(clicks, span, filter, (_at, step) => {
        const bucket = bucketOf[step] ?? 0;
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      }),
    result: () => counts,
  };
}

/** How many clicks of each link are in each bucket, by the link's id. */
export function linkSeriesFold(
  span: Span,
  buckets: Bucket[],
  filter: Filter,
): Fold<Map<number, Uint32Array>> {
  const links = new Map<number, Uint32Array>();
  const bucketOf = bucketOfStep(span, buckets);
  return {
    add: (clicks) => {
      const { values, indexes } = clicks.columns.link_id;
      eachMatch(clicks, span, filter, (at, step) => {
        const id = Number(values[indexes[at] ?? 0]);
        const counts = links.get(id) ?? new Uint32Array(buckets.length);
        links.set(id, counts);
        const bucket = bucketOf[step] ?? 0;
        counts[bucket] = (counts[bucket] ?? 0) + 1;
      });
    },
    result: () => links,
  };
}

/** How many clicks each value of a column has. A click without a value counts as null. */
export function countersFold(span: Span, column: Column, filter: Filter): Fold<Map<string | null, number>> {
  const counts = new Map<string | null, number>();
  return {
    add: (clicks) => {
      const { values, indexes } = clicks.columns[column];
      const own = new Uint32Array(values.length);
      eachMatch(clicks, span, filter, (at) => {
        const index = indexes[at] ?? 0;
        own[index] = (own[index] ?? 0) + 1;
      });
      for (const [index, count] of own.entries()) {
        const value = values[index] ?? null;
        if (count > 0) counts.set(value, (counts.get(value) ?? 0) + count);
      }
    },
    result: () => counts,
  };
}

/** Several counts of the same clicks, from one reading of the log. */
export function together<Folds extends Record<string, Fold<any>>>(
  folds: Folds,
): Fold<{ [Name in keyof Folds]: ReturnType<Folds[Name]['result']> }> {
  return {
    add: (clicks) => {
      for (const fold of Object.values(folds)) fold.add(clicks);
    },
    result: () =>
      Object.fromEntries(Object.entries(folds).map(([name, fold]) => [name, fold.result()])) as {
        [Name in keyof Folds]: ReturnType<Folds[Name]['result']>;
      },
  };
}
