import { fittingParts, sentBytes } from '../answer-size.ts';
import { ClientError } from '../errors.ts';
import { readLinksById } from '../links/link-items.ts';
import { COLUMNS, type Column, linkOfDestination } from './columns.ts';
import type { FilterInput } from './fields.ts';
import { countersFold } from './fold.ts';
import { type Counted, count, filterOf, ranked, reportSpan } from './reports.ts';

/** Most values of a counter in an answer. There are fewer when they are too long for one response. */
const MOST_VALUES = 10_000;
const bytesOf = (value: Counted) => sentBytes(JSON.stringify(value));

/** The names that clients use for counters, and their columns. */
const COUNTERS: Record<string, Column> = {
  ...Object.fromEntries(COLUMNS.filter((column) => column !== 'params').map((column) => [column, column])),
  browser_name: 'browser',
  top_params: 'params',
};

/** Every counter. */
export const COUNTER_NAMES = Object.keys(COUNTERS);

/** Why Clickhook does not have a counter that clients ask for. */
const WITHHELD: Record<string, string> = {
  city: 'Clickhook finds the country of a visitor, but no city. Count by country',
  region: 'Clickhook finds the country of a visitor, but no region. Count by country',
  remote_ip: 'Clickhook stores no addresses of visitors',
  unique: 'Clickhook stores no addresses of visitors, so it cannot tell them apart',
};

/** @throws ClientError 422 that says why a counter is missing, and which exist */
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
    values: values.slice(0, fittingParts(values.slice(0, MOST_VALUES).map(bytesOf))),
  };
}
