import type { Link } from '../core/link.ts';
import { type ClickCounts, clicksKey, countsFromItem } from '../core/link-clicks.ts';
import { readItems } from '../core/read-items.ts';

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
