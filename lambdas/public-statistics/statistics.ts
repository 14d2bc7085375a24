import { bucketsOf, dateIn, spanOf } from '../clicks/buckets.ts';
import type { Column } from '../clicks/columns.ts';
import { type Bots, countersFold, type Filter, seriesFold, together } from '../clicks/fold.ts';
import { Budget } from '../clicks/log.ts';
import { readClicks } from '../clicks/read-clicks.ts';
import { ranked } from '../clicks/reports.ts';
import { ClientError, notFound } from '../errors.ts';
import type { Link } from '../links/link.ts';
import type { LinkAddress } from '../links/link-items.ts';
import { isReservedPath, isSlug } from '../links/slug.ts';
import { readLink } from '../redirect/read.ts';
import { hasPublicStatistics } from './address.ts';
import type { Statistics } from './endpoints.ts';

// Anyone can ask for statistics, and a reading of the log costs its owner read units. So the result of a reading is
// kept for a minute, an instance reads only so much in a minute, and the gateway limits the requests (endpoints.ts).

const MINUTE_MS = 60_000;
/** How many links' statistics an instance keeps. They have about 8 KB each. */
const MOST_KEPT = 500;
/** What an instance may read in a minute: about 500,000 clicks without summaries, for 0.004 USD. */
const MOST_UNITS = 30_000;
/** How long a reading may take. */
const MOST_MS = 8_000;

const DAYS_BEFORE = 30;
/** Most values of each counter. */
const MOST_VALUES = 20;

type Kept = { statistics: Statistics; untilMs: number };
// Both live as long as the function instance.
const kept = new Map<string, Kept>();
let allowance = { units: MOST_UNITS, untilMs: 0 };

/** The read units that this instance may still use in this minute. */
function unitsLeft(nowMs: number): number {
  if (nowMs >= allowance.untilMs) allowance = { units: MOST_UNITS, untilMs: nowMs + MINUTE_MS };
  return allowance.units;
}

/** Removes what this instance knows, as if it had just been started. */
export function forgetStatistics(): void {
  kept.clear();
  allowance = { units: MOST_UNITS, untilMs: 0 };
}

function tooBusy(): ClientError {
  const sentence =
    'These statistics cannot be counted right now: there are too many clicks, or too many requests. Try again in a minute.';
  return new ClientError(503, 'unavailable', sentence);
}

/** @throws ClientError 503 when the log has more clicks than this instance may read in this minute */
async function countClicks({ id, workspace_id }: Link, nowMs: number): Promise<Statistics> {
  const units = unitsLeft(nowMs);
  if (units <= 0) throw tooBusy();
  const span = spanOf(dateIn('UTC', nowMs, -DAYS_BEFORE), dateIn('UTC', nowMs, 0), 'UTC');
  const buckets = bucketsOf(span, 'day');
  const clicksOf = (bots: Bots): Filter => ({ bots, columns: { link_id: [String(id)] } });
  const days = (bots: Bots) => seriesFold(span, buckets, clicksOf(bots));
  const values = (column: Column) => countersFold(span, column, clicksOf('exclude'));
  const fold = together({
    people: days('exclude'),
    bots: days('only'),
    countries: values('country'),
    platforms: values('platform'),
    browsers: values('browser'),
    referrers: values('referer'),
  });
  const budget = new Budget(MOST_MS, units);
  const readFromMs = await readClicks(workspace_id, span, budget, fold.add);
  const complete = readFromMs <= span.fromMs;
  // After a reading that was too long, another one in this minute would be too.
  allowance.units = complete ? allowance.units - budget.units : 0;
  if (!complete) throw tooBusy();
  const { people, bots, ...counters } = fold.result();
  const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);
  const top = (counts: Map<string | null, number>) => ranked(counts).slice(0, MOST_VALUES);
  return {
    start: span.start,
    end: span.end,
    totals: { people: total(people), bots: total(bots) },
    days: buckets.map(({ t }, index) => ({ t, people: people[index] ?? 0, bots: bots[index] ?? 0 })),
    countries: top(counters.countries),
    platforms: top(counters.platforms),
    browsers: top(counters.browsers),
    referrers: top(counters.referrers),
  };
}

function keep(key: string, statistics: Statistics, nowMs: number): void {
  kept.delete(key);
  kept.set(key, { statistics, untilMs: nowMs + MINUTE_MS });
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

/**
 * The statistics of the link at an address. Those of the last minute are answered without a read.
 * @throws ClientError 404 when there is no such link or anyone may not see its statistics, and 503 when they cannot be
 * counted right now
 */
export async function statisticsOf({ domain, slug }: LinkAddress): Promise<Statistics> {
  if (!isSlug(slug) || isReservedPath(slug)) throw notFound();
  const nowMs = Date.now();
  const key = `${domain ?? ''} ${slug}`;
  const known = kept.get(key);
  if (known && nowMs < known.untilMs) return known.statistics;
  const link = await readLink(domain, slug);
  if (link === null || !hasPublicStatistics(link)) throw notFound();
  const statistics = await countClicks(link, nowMs);
  keep(key, statistics, nowMs);
  return statistics;
}
