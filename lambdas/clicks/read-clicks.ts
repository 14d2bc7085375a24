import pLimit from 'p-limit';
import { DAY_MS, DayBuilder, type DayClicks, STEP_MS } from './columns.ts';
import { ulidTime } from './identity.ts';
import { type Budget, monthsOf, type Range, readShard, storable } from './log.ts';
import { monthPartitions } from './log-entry.ts';
import { isPast, readErasures, readSummaries, SUMMARISED_CLICKS, writeSummary } from './summaries.ts';

/** How many months and how many partitions are read at once. */
const MONTHS = 4;
const READS = 16;
const limitMonths = pLimit(MONTHS);
const limitReads = pLimit(READS);

/** One reading of a workspace's log: what may be read, and what receives the clicks. */
type Reading = {
  workspaceId: number;
  erasures: number;
  budget: Budget;
  add: (clicks: DayClicks) => void;
};

/** A part of a month. */
type MonthRange = Range & { month: string };

/** The parts of a month's range that no summary covers. */
function gapsOf({ month, ...range }: MonthRange, summarised: ReadonlySet<number>): MonthRange[] {
  const gaps: MonthRange[] = [];
  for (let startMs = range.fromMs; startMs < range.toMs; ) {
    const day = Math.floor(startMs / DAY_MS);
    const endMs = Math.min((day + 1) * DAY_MS, range.toMs);
    const last = gaps.at(-1);
    if (!summarised.has(day)) {
      if (last?.toMs === startMs) last.toMs = endMs;
      else gaps.push({ month, fromMs: startMs, toMs: endMs });
    }
    startMs = endMs;
  }
  return gaps;
}

type Day = { builder: DayBuilder; ttl: number };

/** Adds the clicks of one partition to their days, the newest first. @returns the time from which all of them were read */
async function readPartition(
  partition: string,
  gap: MonthRange,
  days: Map<number, Day>,
  budget: Budget,
): Promise<number> {
  let readFromMs = gap.toMs;
  for await (const { clicks, done } of readShard({ partition, range: gap, newestFirst: true }, budget)) {
    for (const { click, ttl } of clicks) {
      const clickedAtMs = ulidTime(click.id);
      const number = Math.floor(clickedAtMs / DAY_MS);
      const day = days.get(number) ?? { builder: new DayBuilder(number), ttl };
      days.set(number, day);
      day.ttl = Math.min(day.ttl, ttl);
      day.builder.add(Math.floor((clickedAtMs % DAY_MS) / STEP_MS), click);
      readFromMs = clickedAtMs + 1;
    }
    if (done) readFromMs = gap.fromMs;
  }
  return readFromMs;
}

/** Whether all clicks of a day are in what was read, and no more can come. */
const isWhole = (day: number, read: Range) =>
  day * DAY_MS >= read.fromMs && (day + 1) * DAY_MS <= read.toMs && isPast(day, Date.now());

/** Reads a gap, and stores summaries of its busy past days. @returns the time from which all clicks were read */
async function readGap({ workspaceId, erasures, budget, add }: Reading, gap: MonthRange): Promise<number> {
  const days = new Map<number, Day>();
  const partitions = monthPartitions(workspaceId, gap.month);
  const reads = partitions.map((partition) => limitReads(() => readPartition(partition, gap, days, budget)));
  const readFromMs = Math.max(...(await Promise.all(reads)));
  const read = { fromMs: readFromMs, toMs: gap.toMs };
  const writes = [...days].map(async ([number, { builder, ttl }]) => {
    const clicks = builder.clicks();
    add(clicks);
    if (builder.count >= SUMMARISED_CLICKS && isWhole(number, read)) {
      await writeSummary(workspaceId, clicks, ttl, erasures);
    }
  });
  await Promise.all(writes);
  return readFromMs;
}

/** Reads a part of a month. @returns the time from which all its clicks were read */
async function readMonth(reading: Reading, month: MonthRange): Promise<number> {
  const { workspaceId, erasures, budget, add } = reading;
  if (budget.isSpent) return month.toMs;
  const summarised = await readSummaries(workspaceId, month, erasures, budget, add);
  if (!summarised) return month.toMs;
  const gaps = gapsOf(month, summarised);
  const readFromMs = await Promise.all(gaps.map((gap) => readGap(reading, gap)));
  // Of the parts that were not read whole, the newest sets the limit.
  return Math.max(
    month.fromMs,
    ...gaps.map(({ fromMs }, index) => {
      const own = readFromMs[index] ?? fromMs;
      return own === fromMs ? month.fromMs : own;
    }),
  );
}

/**
 * Gives every click of a range to `add`, a day or a part of a day at a time: from summaries where there are some, and
 * from the log. The newest month is read first.
 * @returns the time from which all clicks were read. It is later than the range's start when the budget was spent.
 */
export async function readClicks(
  workspaceId: number,
  span: Range,
  budget: Budget,
  add: (clicks: DayClicks) => void,
): Promise<number> {
  const months = monthsOf(storable(span, Date.now())).reverse();
  if (months.length === 0) return span.fromMs;
  const reading = { workspaceId, erasures: await readErasures(workspaceId, budget), budget, add };
  const readFromMs = await Promise.all(months.map((month) => limitMonths(() => readMonth(reading, month))));
  const late = months.map(({ fromMs }, index) => {
    const own = readFromMs[index] ?? fromMs;
    return own === fromMs ? span.fromMs : own;
  });
  return Math.max(span.fromMs, ...late);
}
