import pLimit from 'p-limit';
import { DAY_MS, DayBuilder, type DayClicks, STEP_MS } from './columns.ts';
import { ulidTime } from './identity.ts';
import { type Budget, monthsOf, type Range, readShard, storable } from './log.ts';
import { monthPartitions } from './log-entry.ts';
import { isPast, readErasures, readSummaries, SUMMARISED_CLICKS, writeSummary } from './summaries.ts';

/** How many partitions are read at once. */
const READS = 16;
const limit = pLimit(READS);

/** A range that no summary covers, within a month. `fromMs` of what was read is later when the budget was spent. */
type Gap = Range & { month: string };

/** The parts of a range that no summary covers, split by months, the newest first. */
function gapsOf(range: Range, summarised: ReadonlySet<number>): Gap[] {
  const gaps: Range[] = [];
  for (let startMs = range.fromMs; startMs < range.toMs; ) {
    const day = Math.floor(startMs / DAY_MS);
    const endMs = Math.min((day + 1) * DAY_MS, range.toMs);
    const last = gaps.at(-1);
    if (!summarised.has(day)) {
      if (last?.toMs === startMs) last.toMs = endMs;
      else gaps.push({ fromMs: startMs, toMs: endMs });
    }
    startMs = endMs;
  }
  return gaps.flatMap(monthsOf).reverse();
}

type Day = { builder: DayBuilder; ttl: number };

/** Adds the clicks of one partition to their days, the newest first. @returns the time from which all of them were read */
async function readPartition(
  partition: string,
  gap: Gap,
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
async function readGap(
  workspaceId: number,
  gap: Gap,
  erasures: number,
  budget: Budget,
  add: (clicks: DayClicks) => void,
): Promise<number> {
  const days = new Map<number, Day>();
  const partitions = monthPartitions(workspaceId, gap.month);
  const reads = partitions.map((partition) => limit(() => readPartition(partition, gap, days, budget)));
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

/**
 * Gives every click of a range to `add`, a day or a part of a day at a time: from summaries where there are some, and
 * from the log.
 * @returns the time from which all clicks were read. It is later than the range's start when the budget was spent.
 */
export async function readClicks(
  workspaceId: number,
  span: Range,
  budget: Budget,
  add: (clicks: DayClicks) => void,
): Promise<number> {
  const range = storable(span, Date.now());
  if (range.fromMs >= range.toMs) return span.fromMs;
  const erasures = await readErasures(workspaceId, budget);
  const summaries = await readSummaries(workspaceId, range, erasures, budget);
  for (const clicks of [...summaries.values()].flat()) add(clicks);
  const gaps = gapsOf(range, new Set(summaries.keys()));
  const readFromMs = await Promise.all(gaps.map((gap) => readGap(workspaceId, gap, erasures, budget, add)));
  const complete = gaps.every((gap, index) => readFromMs[index] === gap.fromMs);
  return complete
    ? span.fromMs
    : Math.max(...gaps.map((gap, index) => lateness(gap, readFromMs[index] ?? 0)));
}

/** The time from which a gap was read; nothing for one that was read whole. */
const lateness = (gap: Gap, readFromMs: number) => (readFromMs === gap.fromMs ? 0 : readFromMs);
