import { readItems } from '../table.ts';
import { type ClickCounts, clicksKey, countsFromItem } from './counts.ts';
import type { Link } from './link.ts';

/** Reads the counts of links. @returns what gives a link's counts by its id; zeros for one without clicks */
export async function readCounts(links: Pick<Link, 'id'>[]): Promise<(linkId: number) => ClickCounts> {
  const items = await readItems(
    links.map(({ id }) => clicksKey(id)),
    { consistent: false },
  );
  const byKey = new Map(items.map((item) => [item.pk, item]));
  const now = Date.now();
  return (linkId) => countsFromItem(byKey.get(clicksKey(linkId).pk), now);
}
