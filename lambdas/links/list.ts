import type * as z from 'zod';
import { fittingParts, MAX_SENT_BYTES } from '../core/answer.ts';
import { api } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { parseBody } from '../core/input.ts';
import {
  isLarge,
  listedBytes,
  MAX_LISTED_BYTES,
  markLargeLinks,
  noteLargeLinks,
} from '../core/large-links.ts';
import { type Link, publicLink } from '../core/link.ts';
import type { ClickCounts } from '../core/link-clicks.ts';
import { type IndexPage, readShelf, readWholeShelf, type Shelf } from '../core/link-index.ts';
import { correctTotal, type LinkTotals, readTotals } from '../core/link-totals.ts';
import { readCounts } from './counts.ts';
import { listingSchema } from './requests.ts';
import { matches, pageStarts } from './selection.ts';

type Listing = z.infer<typeof listingSchema>;
type Counted = Link & Partial<ClickCounts>;
/** One page and what it is a page of. */
type Found = { page: Link[]; total: number; pages: number; inUse: number };

/** Whether a page of so many links fits into one answer, however large they are. */
const alwaysFits = (pageSize: number) => pageSize * MAX_LISTED_BYTES <= MAX_SENT_BYTES;

const fits = (links: Link[]) => fittingParts(links.map(listedBytes)) === links.length;

/** Checks once whether a workspace that is older than the mark has large links. */
async function lookForLargeLinks(workspaceId: number): Promise<boolean> {
  let found = false;
  for (const deleted of [false, true]) {
    found ||= (await readWholeShelf({ workspaceId, deleted })).some(isLarge);
  }
  await noteLargeLinks(workspaceId, found);
  return found;
}

/**
 * The first page by id reads that page of the index and no more; its total is kept, and corrected when the page holds all links.
 * @returns null when pages may have to be cut: how many there are is known only when all links are
 */
async function firstPage(
  shelf: Shelf,
  { page_size, sort_dir }: Listing,
  totals: LinkTotals,
  kept: number,
): Promise<Found | null> {
  const inUse = totals.inUse ?? 0;
  const neverCut = alwaysFits(page_size);
  if (totals.largeLinks && !neverCut) return null;
  const reach = { direction: sort_dir, links: page_size, bytes: MAX_SENT_BYTES };
  const { links, more }: IndexPage = await readShelf(shelf, reach);
  if ((more && links.length < page_size) || !fits(links)) return null;
  if (more) {
    if (!neverCut && (totals.largeLinks ?? (await lookForLargeLinks(shelf.workspaceId)))) return null;
    return { page: links, total: kept, pages: Math.ceil(kept / page_size), inUse };
  }
  await correctTotal(shelf, totals, links.length);
  const pages = Math.min(links.length, 1);
  return { page: links, total: links.length, pages, inUse: shelf.deleted ? inUse : links.length };
}

function compare(a: Counted, b: Counted, by: Listing['sort_by']): number {
  if (by === 'clicks_total') return (a.clicks_total ?? 0) - (b.clicks_total ?? 0) || a.id - b.id;
  const byField = by === 'id' ? 0 : (a[by] ?? '').localeCompare(b[by] ?? '');
  return byField || a.id - b.id;
}

async function sorted(links: Link[], { sort_by, sort_dir }: Listing): Promise<Link[]> {
  const counts = sort_by === 'clicks_total' ? await readCounts(links) : undefined;
  const sortable: Counted[] = counts ? links.map((link) => ({ ...link, ...counts(link.id) })) : links;
  const direction = sort_dir === 'asc' ? 1 : -1;
  return sortable.sort((a, b) => direction * compare(a, b, sort_by));
}

/** The page that is asked for, and how many there are. Links are measured only where a page may have to be cut. */
async function cut(
  workspaceId: number,
  links: Link[],
  { page, page_size }: Listing,
  totals: LinkTotals,
): Promise<Pick<Found, 'page' | 'pages'>> {
  const by = (size: (link: Link) => number) => {
    const starts = pageStarts(links.map(size), page_size);
    return { page: links.slice(starts[page - 1] ?? links.length, starts[page]), pages: starts.length };
  };
  if (totals.largeLinks === false || alwaysFits(page_size)) {
    const counted = by(() => 0);
    if (fits(counted.page)) return counted;
    await markLargeLinks(workspaceId);
  }
  return by(listedBytes);
}

/** Any other page reads the shelf as a whole, and corrects its total. */
async function anyPage(shelf: Shelf, listing: Listing, totals: LinkTotals): Promise<Found> {
  const all = await readWholeShelf(shelf);
  await correctTotal(shelf, totals, all.length);
  const matching = all.filter((link) => matches(link, listing.search));
  const links = await sorted(matching, listing);
  const inUse = shelf.deleted ? (totals.inUse ?? 0) : all.length;
  return { ...(await cut(shelf.workspaceId, links, listing, totals)), total: links.length, inUse };
}

async function read(shelf: Shelf, listing: Listing, totals: LinkTotals): Promise<Found> {
  const kept = shelf.deleted ? totals.inTrash : totals.inUse;
  const isFirstById = listing.sort_by === 'id' && listing.page === 1 && listing.search === '';
  if (!isFirstById || kept === null) return anyPage(shelf, listing, totals);
  return (await firstPage(shelf, listing, totals, kept)) ?? anyPage(shelf, listing, totals);
}

/** `GET /workspace/:id/list_links`: a page of the workspace's links, newest first unless sorted otherwise. */
export const handler = api(async ({ workspaceId, query }) => {
  const sent = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  const listing = parseBody(listingSchema, sent);
  const shelf = { workspaceId, deleted: listing.deleted };
  const { page, total, pages, inUse } = await read(shelf, listing, await readTotals(workspaceId));
  const baseUrl = requiredEnv(ENV.baseUrl);
  const counts = await readCounts(page);
  return {
    status: 200,
    body: {
      links: page.map((link) => ({ ...publicLink(link, baseUrl), ...counts(link.id) })),
      page_number: listing.page,
      page_size: listing.page_size,
      total_entries: total,
      total_pages: pages,
      total_rows: total,
      workspace_link_count: inUse,
    },
  };
});
