import type * as z from 'zod';
import { api } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { parseBody } from '../core/input.ts';
import { type Link, publicLink } from '../core/link.ts';
import type { ClickCounts } from '../core/link-clicks.ts';
import { type IndexPage, readShelf, readWholeShelf, type Shelf } from '../core/link-index.ts';
import { type LinkTotals, mendTotal, readTotals } from '../core/link-totals.ts';
import { readCounts } from './counts.ts';
import { listingSchema } from './requests.ts';
import { cutToBytes, MAX_ANSWER_BYTES, matches } from './selection.ts';

type Listing = z.infer<typeof listingSchema>;
type Counted = Link & Partial<ClickCounts>;
/** One page and what it is a page of. */
type Found = { page: Counted[]; total: number; inUse: number };

/** The first page by id reads that page of the index and no more; its total is kept, and mended when the page is all. */
async function firstPage(
  shelf: Shelf,
  { page_size, sort_dir }: Listing,
  totals: LinkTotals,
  kept: number,
): Promise<Found> {
  const inUse = totals.inUse ?? 0;
  const reach = { direction: sort_dir, links: page_size, bytes: MAX_ANSWER_BYTES };
  const { links, more }: IndexPage = await readShelf(shelf, reach);
  if (more) return { page: links, total: kept, inUse };
  await mendTotal(shelf, totals, links.length);
  return { page: links, total: links.length, inUse: shelf.deleted ? inUse : links.length };
}

function compare(a: Counted, b: Counted, by: Listing['sort_by']): number {
  if (by === 'clicks_total') return (a.clicks_total ?? 0) - (b.clicks_total ?? 0) || a.id - b.id;
  const byField = by === 'id' ? 0 : (a[by] ?? '').localeCompare(b[by] ?? '');
  return byField || a.id - b.id;
}

async function withCounts(links: Link[]): Promise<(Link & ClickCounts)[]> {
  const counts = await readCounts(links);
  return links.map((link) => ({ ...link, ...counts(link.id) }));
}

/** Any other page reads the shelf as a whole, and mends its total on the way. */
async function anyPage(shelf: Shelf, listing: Listing, totals: LinkTotals): Promise<Found> {
  const { page, page_size, sort_by, sort_dir, search } = listing;
  const all = await readWholeShelf(shelf);
  await mendTotal(shelf, totals, all.length);
  const found: Counted[] = all.filter((link) => matches(link, search));
  const sortable = sort_by === 'clicks_total' ? await withCounts(found as Link[]) : found;
  const direction = sort_dir === 'asc' ? 1 : -1;
  sortable.sort((a, b) => direction * compare(a, b, sort_by));
  const start = (page - 1) * page_size;
  const inUse = shelf.deleted ? (totals.inUse ?? 0) : all.length;
  return { page: sortable.slice(start, start + page_size), total: found.length, inUse };
}

function read(shelf: Shelf, listing: Listing, totals: LinkTotals): Promise<Found> {
  const kept = shelf.deleted ? totals.inTrash : totals.inUse;
  const isFirstById = listing.sort_by === 'id' && listing.page === 1 && listing.search === '';
  if (!isFirstById || kept === null) return anyPage(shelf, listing, totals);
  return firstPage(shelf, listing, totals, kept);
}

/** `GET /workspace/:id/list_links`: a page of the workspace's links, newest first unless sorted otherwise. */
export const handler = api(async ({ workspaceId, query }) => {
  const sent = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  const listing = parseBody(listingSchema, sent);
  const shelf = { workspaceId, deleted: listing.deleted };
  const { page, total, inUse } = await read(shelf, listing, await readTotals(workspaceId));
  const baseUrl = requiredEnv(ENV.baseUrl);
  const links = cutToBytes(page, MAX_ANSWER_BYTES);
  const counts = await readCounts(links);
  return {
    status: 200,
    body: {
      links: links.map((link) => ({ ...publicLink(link, baseUrl), ...counts(link.id) })),
      page_number: listing.page,
      page_size: listing.page_size,
      total_entries: total,
      total_pages: Math.ceil(total / listing.page_size),
      total_rows: total,
      workspace_link_count: inUse,
    },
  };
});
