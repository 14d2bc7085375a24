import { Temporal } from 'temporal-polyfill';
import { DAY_MS, STEP_MS } from './columns.ts';

/** A part of a report's time: `t` is its local start, and `startMs` the same in milliseconds since 1970. */
export type Bucket = { t: string; startMs: number };

export type Frequency = 'day' | 'hour';

/** Days in a time zone, both included, as `YYYY-MM-DD`, and the milliseconds that they begin and end at. */
export type Span = { start: string; end: string; timeZone: string; fromMs: number; toMs: number };

/** Today in a time zone, as `YYYY-MM-DD`, plus a number of days. */
export function dateIn(timeZone: string, nowMs: number, plusDays: number): string {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  return now.toPlainDate().add({ days: plusDays }).toString();
}

/** A date (`YYYY-MM-DD`) plus a number of days. */
export const plusDays = (date: string, days: number) =>
  Temporal.PlainDate.from(date).add({ days }).toString();

const startOf = (date: Temporal.PlainDate, timeZone: string) => date.toZonedDateTime({ timeZone });

/** The span from the start of one day to the end of another. */
export function spanOf(start: string, end: string, timeZone: string): Span {
  const after = Temporal.PlainDate.from(end).add({ days: 1 });
  return {
    start,
    end,
    timeZone,
    fromMs: startOf(Temporal.PlainDate.from(start), timeZone).epochMilliseconds,
    toMs: startOf(after, timeZone).epochMilliseconds,
  };
}

/** How many days a span has. */
export const daysOf = ({ start, end }: Pick<Span, 'start' | 'end'>) =>
  Temporal.PlainDate.from(start).until(end, { largestUnit: 'days' }).days + 1;

/** A time without a change of clocks. */
type Period = { startMs: number; endMs: number; offsetMs: number };

/** The periods from a time on. Days and hours are computed from them, because a long span has thousands of days. */
function* periodsFrom(start: Temporal.ZonedDateTime): Generator<Period, void> {
  for (let period: Temporal.ZonedDateTime | null = start; period; ) {
    const next: Temporal.ZonedDateTime | null = period.getTimeZoneTransition('next');
    yield {
      startMs: period.epochMilliseconds,
      endMs: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
      offsetMs: period.offsetNanoseconds / 1_000_000,
    };
    period = next;
  }
}

function dayBuckets({ start, end, timeZone }: Span): Bucket[] {
  const buckets: Bucket[] = [];
  const periods = periodsFrom(startOf(Temporal.PlainDate.from(start), timeZone));
  // There is always one more, because the last one has no end.
  const next = () => periods.next().value as Period;
  let period = next();
  for (let midnightMs = Date.parse(start); midnightMs <= Date.parse(end); midnightMs += DAY_MS) {
    while (midnightMs - period.offsetMs >= period.endMs) period = next();
    const t = new Date(midnightMs).toISOString().slice(0, 10);
    const startMs = midnightMs - period.offsetMs;
    // Clocks went forward at midnight, so the day begins later.
    const isSkipped = startMs < period.startMs;
    buckets.push({
      t,
      startMs: isSkipped ? startOf(Temporal.PlainDate.from(t), timeZone).epochMilliseconds : startMs,
    });
  }
  return buckets;
}

const HOUR_MS = 60 * 60 * 1_000;

/** Where clocks change by half an hour, an hour can have 30 minutes. */
function hourBuckets({ start, timeZone, toMs }: Span): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { startMs, endMs, offsetMs } of periodsFrom(startOf(Temporal.PlainDate.from(start), timeZone))) {
    if (startMs >= toMs) break;
    for (let hourMs = startMs; hourMs < Math.min(endMs, toMs); ) {
      const localMs = hourMs + offsetMs;
      buckets.push({ t: new Date(localMs).toISOString().slice(0, 19), startMs: hourMs });
      hourMs += HOUR_MS - (localMs % HOUR_MS);
    }
  }
  return buckets;
}

/**
 * Every day or hour of a span, ascending. A day on which clocks change has 23 or 25 hours; an hour that is repeated is
 * there twice.
 */
export const bucketsOf = (span: Span, frequency: Frequency): Bucket[] =>
  frequency === 'day' ? dayBuckets(span) : hourBuckets(span);

/** For each quarter of an hour of a span, the index of the bucket that it is in. */
export function bucketOfStep({ fromMs, toMs }: Span, buckets: Bucket[]): Int32Array {
  const steps = new Int32Array(Math.ceil((toMs - fromMs) / STEP_MS));
  let bucket = 0;
  for (let step = 0; step < steps.length; step++) {
    const startMs = fromMs + step * STEP_MS;
    while ((buckets[bucket + 1]?.startMs ?? Number.POSITIVE_INFINITY) <= startMs) bucket++;
    steps[step] = bucket;
  }
  return steps;
}

/**
 * Whether a text is the name of a time zone that can be used. An offset is not: it can be of single minutes, and reports
 * count in quarters of an hour.
 */
export function isTimeZone(name: string): boolean {
  if (/^[+\-\u2212]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
