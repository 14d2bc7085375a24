import { ENV, requiredEnv } from '../env.ts';
import { ClientError, invalidFields } from '../errors.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { readLinksById } from '../links/link-items.ts';
import {
  type Bucket,
  bucketsOf,
  dateIn,
  daysOf,
  type Frequency,
  plusDays,
  type Span,
  spanOf,
} from './buckets.ts';
import { COLUMNS } from './columns.ts';
import type { FilterInput } from './fields.ts';
import { type Filter, type Fold, linkSeriesFold, seriesFold } from './fold.ts';
import { Budget } from './log.ts';
import { readClicks } from './read-clicks.ts';

/** What a report may take. The gateway waits for 30 s. 1,000,000 clicks without summaries are about 60,000 read units. */
const MOST_MS = 20_000;
const MOST_UNITS = 120_000;
/** Days of a report without `start`. */
const DEFAULT_DAYS = 30;
const MOST_BUCKETS = 50_000;
/** Most links of a report by link, and most of its numbers, so that it fits into one response. */
const MOST_LINKS = 1_000;
const MOST_NUMBERS = 100_000;

/** A part of a report's input that says which clicks it is about. */
export function filterOf(input: FilterInput): Filter {
  const columns: Filter['columns'] = {};
  for (const column of COLUMNS) {
    const value = column in input ? input[column as keyof FilterInput] : undefined;
    if (typeof value === 'string') columns[column] = [value];
  }
  const ids = [...(input.link_ids ?? []), ...(input.link_id === undefined ? [] : [String(input.link_id)])];
  if (ids.length > 0) columns.link_id = ids;
  return { bots: input.bots, columns };
}

/**
 * The days that a report is about: those that were asked for, by default from 30 days ago to `lastDay` days from today.
 * @throws ClientError 422 when the first day is after the last
 */
export function reportSpan({ start, end, timezone }: FilterInput, lastDay = 0): Span {
  const today = (later: number) => dateIn(timezone, Date.now(), later);
  const last = end ?? today(lastDay);
  // Days that end in the past begin 30 days before their end.
  const first = start ?? (last < today(lastDay) ? plusDays(last, -DEFAULT_DAYS) : today(-DEFAULT_DAYS));
  if (first > last) throw invalidFields({ start: [`is after the last day, ${last}. Send an earlier day`] });
  return spanOf(first, last, timezone);
}

/** The error for a span whose clicks were read from a time only. It names the days that were read. */
function tooLarge({ end, timeZone }: Span, readFromMs: number): ClientError {
  const fits = dateIn(timeZone, readFromMs - 1, 1);
  const today = dateIn(timeZone, Date.now(), 0);
  const last = end < today ? end : today;
  const advice =
    fits <= last
      ? `The days from ${fits} to ${last} fit: set start to ${fits}, and ask for earlier days in another call. Or ask again: busy days that were read are counted faster from now on.`
      : 'Ask for fewer days, or export the clicks.';
  return new ClientError(
    422,
    'span_too_large',
    `There are too many clicks in these days to count at once. ${advice}`,
  );
}

/** Counts the clicks of a span. @throws ClientError 422 that says which days fit, when there are too many */
export async function count<Result>(workspaceId: number, span: Span, fold: Fold<Result>): Promise<Result> {
  const readFromMs = await readClicks(workspaceId, span, new Budget(MOST_MS, MOST_UNITS), fold.add);
  if (readFromMs > span.fromMs) throw tooLarge(span, readFromMs);
  return fold.result();
}

/** @throws ClientError 422 when an answer would have too many buckets */
export function reportBuckets(span: Span, frequency: Frequency): Bucket[] {
  const hours = frequency === 'hour' ? 24 : 1;
  if (daysOf(span) * hours > MOST_BUCKETS) {
    const most = Math.floor(MOST_BUCKETS / hours).toLocaleString('en');
    throw invalidFields({
      frequency: [`hour is possible for at most ${most} days. Ask for fewer, or for days`],
    });
  }
  return bucketsOf(span, frequency);
}

/** Clicks by day or hour, with every bucket of the span. */
export async function series(workspaceId: number, input: FilterInput, frequency: Frequency) {
  const span = reportSpan(input);
  const buckets = reportBuckets(span, frequency);
  const counts = await count(workspaceId, span, seriesFold(span, buckets, filterOf(input)));
  return buckets.map(({ t }, index) => ({ t, y: counts[index] ?? 0 }));
}

/** Clicks by day or hour and link. @throws ClientError 422 when an answer would have too many links */
export async function seriesByLink(workspaceId: number, input: FilterInput, frequency: Frequency) {
  const span = reportSpan(input);
  const buckets = reportBuckets(span, frequency);
  const counts = await count(workspaceId, span, linkSeriesFold(span, buckets, filterOf(input)));
  const most = Math.min(MOST_LINKS, Math.max(1, Math.floor(MOST_NUMBERS / buckets.length)));
  if (counts.size > most) {
    const fault = `is possible for at most ${most} links in so many days, and ${counts.size} were clicked. Send link_ids, or ask for fewer days`;
    throw invalidFields({ pivot: [fault] });
  }
  const links = await readLinksById(workspaceId, [...counts.keys()]);
  const traffic = buckets.map(({ t }, index) => ({
    t,
    y: Object.fromEntries([...counts].map(([id, own]) => [id, own[index] ?? 0])),
  }));
  return { traffic, links: [...counts.keys()].map((id) => describedLink(id, links.get(id))) };
}

function describedLink(id: number, link: Link | undefined) {
  return {
    id,
    name: link?.name ?? null,
    full_url: link ? fullUrl(link, requiredEnv(ENV.baseUrl)) : null,
  };
}

export type Counted = { value: string | null; count: number };
const byCount = (a: Counted, b: Counted) => b.count - a.count || ((a.value ?? '') < (b.value ?? '') ? -1 : 1);

/** Values with their counts, the largest first. */
export const ranked = (counts: Map<string | null, number>): Counted[] =>
  [...counts].map(([value, own]) => ({ value, count: own })).sort(byCount);

/** The names and short links of the links that a counter by `link_id` lists, by id. */
export async function namesOf(workspaceId: number, ids: number[]) {
  const links = await readLinksById(workspaceId, ids);
  return (id: number) => describedLink(id, links.get(id));
}
