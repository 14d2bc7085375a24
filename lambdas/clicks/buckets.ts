import { Temporal } from 'temporal-polyfill';
import { STEP_MS } from './columns.ts';

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

function dayBuckets({ start, end, timeZone }: Span): Bucket[] {
  const buckets: Bucket[] = [];
  const last = Temporal.PlainDate.from(end);
  for (
    let day = Temporal.PlainDate.from(start);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    buckets.push({ t: day.toString(), startMs: startOf(day, timeZone).epochMilliseconds });
  }
  return buckets;
}

/** The start of the next local hour. Where clocks change by half an hour, an hour can have 30 minutes. */
function nextHour(hour: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const later = hour.add({ hours: 1 });
  const whole = later.with({ minute: 0 });
  return Temporal.ZonedDateTime.compare(whole, hour) > 0 ? whole : later;
}

function hourBuckets({ start, timeZone, toMs }: Span): Bucket[] {
  const buckets: Bucket[] = [];
  let hour = startOf(Temporal.PlainDate.from(start), timeZone);
  for (; hour.epochMilliseconds < toMs; hour = nextHour(hour)) {
    const t = hour.toPlainDateTime().toString({ smallestUnit: 'second' });
    buckets.push({ t, startMs: hour.epochMilliseconds });
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

/** Whether a text is the name of a time zone that can be used. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
