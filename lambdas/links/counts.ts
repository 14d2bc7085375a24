import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { partition, readItems, sort, table, tableName } from '../table.ts';
import { type ClickCounts, COUNTED_DAYS, type Link } from './link.ts';

export { COUNTED_DAYS };

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A day as a number: days since 1970, UTC. */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS);
}

/** The names of one day's counts on the item. They are short, because an item has more than sixty of them. */
export const dayCount = {
  all: (day: number) => `d${day}`,
  human: (day: number) => `h${day}`,
} as const;

/** The key of a link's counts. They are on their own item, because otherwise each click would rewrite the link. */
export function clicksKey(linkId: number) {
  return { pk: partition.link(linkId), sk: sort.clicks };
}

/** The counts in an item, which does not exist before the first click. */
export function countsFromItem(item: Record<string, unknown> | undefined, nowEpochMs: number): ClickCounts {
  const today = dayOf(nowEpochMs);
  const number = (name: string) => Number(item?.[name] ?? 0);
  const days = Array.from({ length: COUNTED_DAYS }, (_, index) => today - COUNTED_DAYS + 1 + index);
  const sum = (name: (day: number) => string) => days.reduce((total, day) => total + number(name(day)), 0);
  return {
    clicks_total: number('clicks_total'),
    clicks_today: number(dayCount.all(today)),
    clicks_previous_day: number(dayCount.all(today - 1)),
    clicks_thirty_days: sum(dayCount.all),
    human_clicks_total: number('human_clicks_total'),
    human_clicks_today: number(dayCount.human(today)),
    human_clicks_previous_day: number(dayCount.human(today - 1)),
    human_clicks_thirty_days: sum(dayCount.human),
    sparkline: days.map((day) => number(dayCount.human(day))),
  };
}

async function readItem(linkId: number, ConsistentRead: boolean) {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: clicksKey(linkId), ConsistentRead }),
  );
  return Item;
}

/** How many human clicks deliver has counted for a link. The link's click limit is about these. */
export async function readHumanClicks(linkId: number): Promise<number> {
  return (await readItem(linkId, true))?.human_clicks_total ?? 0;
}

/** Reads the counts of one link. */
export async function readCountsOf(linkId: number): Promise<ClickCounts> {
  return countsFromItem(await readItem(linkId, false), Date.now());
}

/**
 * Reads the counts of links. @returns a function that returns a link's counts by its id; zeros for a link without
 * clicks
 */
export async function readCounts(links: Pick<Link, 'id'>[]): Promise<(linkId: number) => ClickCounts> {
  const items = await readItems(
    links.map(({ id }) => clicksKey(id)),
    { consistent: false },
  );
  const byKey = new Map(items.map((item) => [item.pk, item]));
  const now = Date.now();
  return (linkId) => countsFromItem(byKey.get(clicksKey(linkId).pk), now);
}
