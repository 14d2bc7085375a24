import { ENV, requiredEnv } from '../env.ts';
import { ClientError, invalidFields } from '../errors.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { readLinksById } from '../links/link-items.ts';
import { type Bucket, bucketsOf, dateIn, daysOf, type Frequency, type Span, spanOf } from './buckets.ts';
import { COLUMNS, type Column, linkOfDestination } from './columns.ts';
import type { FilterInput } from './fields.ts';
import { countersFold, type Filter, type Fold, linkSeriesFold, seriesFold } from './fold.ts';
import { Budget } from './log.ts';
import { readClicks } from './read-clicks.ts';

/** What a report may take. The gateway waits for 30 s. 1,000,000 clicks without summaries are about 60,000 read units. */
const MOST_MS = 20_000;
const MOST_UNITS = 120_000;
/** Days of a report without `start`. */
const DEFAULT_DAYS = 30;
const MOST_BUCKETS = 50_000;
/** Most values of a counter in an answer. */
const MOST_VALUES = 10_000;

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
  const now = Date.now();
  const last = end ?? dateIn(timezone, now, lastDay);
  const first = start ?? dateIn(timezone, now, -DEFAULT_DAYS);
  if (first > last) throw invalidFields({ start: [`is after the last day, ${last}. Send an earlier day`] });
  return spanOf(first, last, timezone);
}

function tooLarge({ end, timeZone }: Span, readFromMs: number): ClientError {
  const fits = dateIn(timeZone, readFromMs - 1, 1);
  const advice =
    fits <= end
      ? `The days from ${fits} to ${end} fit: set start to ${fits}, and ask for earlier days in another call. Or ask again: busy days that were read are counted faster from now on.`
      : 'Ask again: busy days that were read are counted faster from now on.';
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

/** Clicks by day or hour and link. */
export async function seriesByLink(workspaceId: number, input: FilterInput, frequency: Frequency) {
  const span = reportSpan(input);
  const buckets = reportBuckets(span, frequency);
  const counts = await count(workspaceId, span, linkSeriesFold(span, buckets, filterOf(input)));
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

/** The names that clients use for counters, and their columns. */
const COUNTERS: Record<string, Column> = {
  ...Object.fromEntries(COLUMNS.filter((column) => column !== 'params').map((column) => [column, column])),
  browser_name: 'browser',
  top_params: 'params',
};

/** Every counter. */
export const COUNTER_NAMES = Object.keys(COUNTERS);

/** Why a counter is not there; undefined for one that nobody knows. */
const WITHHELD: Record<string, string> = {
  city: 'Clickhook finds the country of a visitor, but no city. Count by country',
  region: 'Clickhook finds the country of a visitor, but no region. Count by country',
  remote_ip: 'Clickhook stores no addresses of visitors',
  unique: 'Clickhook stores no addresses of visitors, so it cannot tell them apart',
};

/** @throws ClientError 422 that says why a counter is not there, and which there are */
export function columnOf(counter: string): Column {
  if (Object.hasOwn(COUNTERS, counter)) return COUNTERS[counter] as Column;
  const why = Object.hasOwn(WITHHELD, counter) ? `${WITHHELD[counter]}.` : '';
  const sentence = `The counter ${counter.slice(0, 60)} does not exist. ${why} Counters are ${COUNTER_NAMES.join(', ')}.`;
  throw new ClientError(422, 'unknown_counter', sentence.replace('  ', ' '));
}

/** Counts of each parameter, of which a click can have several. */
function paramCounts(counts: Map<string | null, number>): Map<string | null, number> {
  const params = new Map<string | null, number>();
  for (const [list, count] of counts) {
    for (const param of list === null ? [] : (JSON.parse(list) as string[])) {
      params.set(param, (params.get(param) ?? 0) + count);
    }
  }
  return params;
}

/** Counts of destinations, with those that are the URL of a link as that URL; null for a link that no longer exists. */
async function destinationCounts(workspaceId: number, counts: Map<string | null, number>) {
  const ids = [...counts.keys()].flatMap((value) => linkOfDestination(value ?? '') ?? []);
  const links = await readLinksById(workspaceId, ids.map(Number));
  const destinations = new Map<string | null, number>();
  for (const [value, count] of counts) {
    const id = linkOfDestination(value ?? '');
    const url = id === undefined ? value : (links.get(Number(id))?.url ?? null);
    destinations.set(url, (destinations.get(url) ?? 0) + count);
  }
  return destinations;
}

export type Counted = { value: string | null; count: number };
const byCount = (a: Counted, b: Counted) => b.count - a.count || ((a.value ?? '') < (b.value ?? '') ? -1 : 1);

/** Values with their counts, the largest first. */
export const ranked = (counts: Map<string | null, number>): Counted[] =>
  [...counts].map(([value, own]) => ({ value, count: own })).sort(byCount);

/** Clicks by the values of a counter. `total` is the sum of all values, also of those that are cut off. */
export async function counters(workspaceId: number, counter: string, input: FilterInput) {
  const column = columnOf(counter);
  const span = reportSpan(input);
  const counts = await count(workspaceId, span, countersFold(span, column, filterOf(input)));
  const shown =
    column === 'params'
      ? paramCounts(counts)
      : column === 'destination'
        ? await destinationCounts(workspaceId, counts)
        : counts;
  const values = ranked(shown);
  return {
    total: values.reduce((sum, { count: own }) => sum + own, 0),
    values: values.slice(0, MOST_VALUES),
  };
}

/** The names and short links of the links that a counter by `link_id` lists, by id. */
export async function namesOf(workspaceId: number, ids: number[]) {
  const links = await readLinksById(workspaceId, ids);
  return (id: number) => describedLink(id, links.get(id));
}
