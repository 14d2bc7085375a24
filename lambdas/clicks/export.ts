import type * as z from 'zod';
import { fittingParts, sentBytes } from '../answer-size.ts';
import { invalidFields, Unavailable } from '../errors.ts';
import { readLinksById } from '../links/link-items.ts';
import { type Column, valueIn } from './columns.ts';
import type { exportSchema } from './fields.ts';
import type { Filter } from './fold.ts';
import { ulidTime } from './identity.ts';
import { Budget, monthsOf, type Range, readShard, storable } from './log.ts';
import { type LoggedClick, monthPartitions, UTM_NAMES } from './log-entry.ts';
import { filterOf, reportSpan } from './reports.ts';
import { rowsAsText } from './text-formats.ts';

type ExportInput = z.output<typeof exportSchema>;

const MOST_MS = 15_000;
const MOST_UNITS = 60_000;

/** Whether a click is one of those that an export is about. */
function passes(click: LoggedClick, { bots, columns }: Filter): boolean {
  if (bots !== 'include' && (click.bot !== undefined) !== (bots === 'only')) return false;
  return Object.entries(columns).every(([column, wanted]) => {
    const value = valueIn(column as Column, click);
    return value !== null && wanted.includes(value);
  });
}

/** The clicks of a partition, one by one, oldest first. Ends with null when the budget is spent. */
async function* clicksOf(reading: Parameters<typeof readShard>[0], budget: Budget) {
  for await (const { clicks, done } of readShard(reading, budget)) {
    for (const { click } of clicks) yield click;
    if (!done && clicks.length === 0 && budget.isSpent) yield null;
  }
}

/** Merges partitions into one order, oldest first. Ends with null when one of them does. */
async function* merged(partitions: AsyncGenerator<LoggedClick | null>[]) {
  const heads = await Promise.all(partitions.map(async (partition) => (await partition.next()).value));
  for (;;) {
    if (heads.includes(null)) {
      yield null;
      return;
    }
    const known = heads.filter((head): head is LoggedClick => head !== undefined && head !== null);
    const first = known.reduce<LoggedClick | undefined>(
      (least, click) => (least === undefined || click.id < least.id ? click : least),
      undefined,
    );
    if (!first) return;
    yield first;
    const at = heads.indexOf(first);
    heads[at] = (await partitions[at]?.next())?.value;
  }
}

/** The clicks of a workspace in a span, oldest first, behind a cursor. Ends with null when the budget is spent. */
async function* clicksIn(workspaceId: number, range: Range, behind: string | undefined, budget: Budget) {
  const fromMs = behind === undefined ? range.fromMs : ulidTime(behind);
  for (const { month, ...days } of monthsOf(storable({ ...range, fromMs }, Date.now()))) {
    const partitions = monthPartitions(workspaceId, month).map((partition) =>
      clicksOf({ partition, range: days, newestFirst: false }, budget),
    );
    for await (const click of merged(partitions)) {
      if (click === null || behind === undefined || click.id > behind) yield click;
    }
  }
}

/** A click as an export shows it. `ownUrl` is that of its link. */
function exported(click: LoggedClick, ownUrl: string | null) {
  const { params = {} } = click;
  const utm = UTM_NAMES.map((name) => [name, click[name] ?? null]);
  return {
    id: click.id,
    link_id: click.link_id,
    timestamp: click.timestamp,
    country: click.country ?? null,
    platform: click.platform ?? null,
    browser: click.browser ?? null,
    bot: click.bot ?? null,
    referer: click.referer ?? null,
    isp: click.isp ?? null,
    url: click.destination ?? ownUrl,
    rule: click.rule ?? null,
    ...Object.fromEntries(utm),
    params,
    shortened: click.shortened ?? false,
  };
}

/** The next clicks behind the cursor, and the cursor of those after them if there may be more. */
async function readPage(workspaceId: number, input: ExportInput) {
  const span = reportSpan(input, -1);
  const { cursor } = input;
  if (cursor !== undefined && (ulidTime(cursor) < span.fromMs || ulidTime(cursor) >= span.toMs)) {
    throw invalidFields({ cursor: ['belongs to another export. Send the same days as for the first part'] });
  }
  const filter = filterOf(input);
  const page: LoggedClick[] = [];
  let seen = cursor;
  for await (const click of clicksIn(workspaceId, span, cursor, new Budget(MOST_MS, MOST_UNITS))) {
    if (click === null) {
      if (seen === cursor) throw new Unavailable('The log could not be read in time');
      return { page, next: seen };
    }
    if (passes(click, filter)) {
      if (page.length === input.page_size) return { page, next: seen };
      page.push(click);
    }
    seen = click.id;
  }
  return { page, next: undefined };
}

/** The names of the columns, also of an export without clicks. */
const HEADER = Object.keys(exported({ id: '', link_id: 0, timestamp: '' }, null));

/** Single clicks, oldest first. `next` is the cursor of the next part, if there may be one. */
export async function exportClicks(workspaceId: number, input: ExportInput) {
  const { page, next } = await readPage(workspaceId, input);
  const links = await readLinksById(workspaceId, [...new Set(page.map(({ link_id }) => link_id))]);
  const rows = page.map((click) => exported(click, links.get(click.link_id)?.url ?? null));
  const isJson = input.format === 'json';
  const textOf = (row: (typeof rows)[number]) =>
    isJson ? JSON.stringify(row) : rowsAsText([Object.values(row)]);
  const texts = rows.map(textOf);
  const fitting = texts.slice(0, fittingParts(texts.map(sentBytes)));
  return {
    type: isJson ? 'application/json' : 'text/csv',
    text: isJson ? `[${fitting.join()}]` : rowsAsText([HEADER]) + fitting.join(''),
    next: fitting.length < page.length ? page[fitting.length - 1]?.id : next,
  };
}
