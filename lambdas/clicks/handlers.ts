import { handle } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { readLink } from '../links/store.ts';
import { counters as countClicks } from './counters.ts';
import { clicks } from './endpoints.ts';
import { eraseClicks } from './erase.ts';
import { exportClicks } from './export.ts';
import { Budget } from './log.ts';
import { type Counted, series as countByTime, namesOf, seriesByLink } from './reports.ts';
import { fittingRows, rowsAsText, TEXT_FORMATS } from './text-formats.ts';

const { endpoints } = clicks;

function asText(rows: unknown[][], format: keyof typeof TEXT_FORMATS) {
  const { type, delimiter } = TEXT_FORMATS[format];
  return { status: 200, type, text: rowsAsText(rows, delimiter) };
}

/** Clicks by day or hour. */
export const series = handle(endpoints.series, async ({ workspaceId, query }) => {
  const { frequency, format, pivot } = query;
  if (pivot) {
    const body = await seriesByLink(workspaceId, query, frequency);
    if (format === 'json') return { status: 200, body };
    const ids = body.links.map(({ id }) => id);
    return asText([['t', ...ids], ...body.traffic.map(({ t, y }) => [t, ...ids.map((id) => y[id])])], format);
  }
  const traffic = await countByTime(workspaceId, query, frequency);
  if (format === 'json') return { status: 200, body: { traffic } };
  return asText([['t', 'y'], ...traffic.map(({ t, y }) => [t, y])], format);
});

/** Rows for spreadsheets. Those of links have the columns that clients read: id, name, short link, clicks; no header. */
async function counterRows(workspaceId: number, counter: string, values: Counted[]): Promise<unknown[][]> {
  if (counter !== 'link_id') return [['value', 'count'], ...values.map(({ value, count }) => [value, count])];
  const named = await namesOf(
    workspaceId,
    values.map(({ value }) => Number(value)),
  );
  return values.map(({ value, count }) => {
    const { id, name, full_url } = named(Number(value));
    return [id, name, full_url, count];
  });
}

/** Clicks by the values of a counter. */
export const counters = handle(endpoints.counters, async ({ workspaceId, path, query }) => {
  const { counter = '' } = path;
  const counted = await countClicks(workspaceId, counter, query);
  if (query.format === 'json') return { status: 200, body: counted };
  const rows = await counterRows(workspaceId, counter, counted.values);
  return asText(fittingRows(rows), query.format);
});

/** Single clicks. If there may be more, the header `x-next-cursor` contains the `cursor` of the next ones. */
const exportSome = handle(endpoints.export, async ({ workspaceId, query }) => {
  const { type, text, next } = await exportClicks(workspaceId, query);
  const headers: Record<string, string> = next === undefined ? {} : { 'x-next-cursor': next };
  if (type === 'text/csv') headers['content-disposition'] = 'attachment; filename="clicks.csv"';
  return { status: 200, headers, type, text };
});

const ERASE_MS = 20_000;
const ERASE_UNITS = 400_000;

/** Deletes the recorded clicks of a link. */
export const erase = handle(endpoints.erase, async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  const budget = new Budget(ERASE_MS, ERASE_UNITS);
  return { status: 200, body: await eraseClicks(workspaceId, link.id, budget) };
});

export { purge } from './purge.ts';
// The handlers have the names of their endpoints, and this one is a reserved word.
export { exportSome as export };
