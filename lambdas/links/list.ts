import type * as z from 'zod';
import { fittingParts, MAX_SENT_BYTES, pageStarts } from '../answer-size.ts';
import { ENV, requiredEnv } from '../env.ts';
import { readCounts } from './counts.ts';
import type { listingSchema } from './fields.ts';
import { CLICK_COUNTS, type ClickCounts, type Link, publicLink } from './link.ts';
import { type IndexPage, type LinkState, readAllLinks, readLinks } from './link-index.ts';
import {
  isLarge,
  type LinkTotals,
  listedBytes,
  MAX_LISTED_BYTES,
  readTotals,
  storeLargeLinks,
  storeLinkNumbers,
} from './totals.ts';

type Listing = z.infer<typeof listingSchema>;
type Counted = Link & Partial<ClickCounts>;
/** One page and the totals of the list. */
type Found = { page: Link[]; total: number; pages: number; inUse: number };

/** Whether a link matches a search in its name, slug, domain or url, in any case. */
export function matches(link: Pick<Link, 'name' | 'slug' | 'url' | 'domain'>, search: string): boolean {
  const wanted = search.toLowerCase();
  return [link.name, link.slug, link.url, link.domain].some((text) => text?.toLowerCase().includes(wanted));
}

/** Whether a page with so many links always fits into one response, however large they are. */
const alwaysFits = (pageSize: number) => pageSize * MAX_LISTED_BYTES <= MAX_SENT_BYTES;

const fits = (links: Link[]) => fittingParts(links.map(listedBytes)) === links.length;

/**
 * Counts the links of a workspace that has no numbers yet, and looks for large links, once.
 * @returns whether any link is large
 */
async function lookAtAll(workspaceId: number, totals: LinkTotals): Promise<boolean> {
  const [inUse = [], inTrash = []] = await Promise.all(
    [false, true].map((deleted) => readAllLinks({ workspaceId, deleted })),
  );
  const large = totals.largeLinks ?? [...inUse, ...inTrash].some(isLarge);
  if (totals.largeLinks === null) await storeLargeLinks(workspaceId, large);
  if (totals.inUse === null || totals.inTrash === null) {
    await storeLinkNumbers(workspaceId, totals, { inUse: inUse.length, inTrash: inTrash.length });
  }
  return large;
}

/** DynamoDB removes links from the trash itself. A list that has read the whole trash stores how many are left. */
async function noteTrash(
  { workspaceId, deleted }: LinkState,
  totals: LinkTotals,
  seen: number,
): Promise<void> {
  if (deleted && totals.inTrash !== null && seen < totals.inTrash) {
    await storeLinkNumbers(workspaceId, totals, { inTrash: seen });
  }
}

/**
 * The first page by id. Reads only that page of the index and takes the total from the stored numbers.
 * @returns null when pages may have to be cut, because then their number is known only after all links are read
 */
async function firstPage(
  state: LinkState,
  { page_size, sort_dir }: Listing,
  totals: LinkTotals,
  total: number,
): Promise<Found | null> {
  const inUse = totals.inUse ?? 0;
  const neverCut = alwaysFits(page_size);
  if (totals.largeLinks && !neverCut) return null;
  const limits = { direction: sort_dir, links: page_size, bytes: MAX_SENT_BYTES };
  const { links, more }: IndexPage = await readLinks(state, limits);
  if ((more && links.length < page_size) || !fits(links)) return null;
  if (more) {
    if (!neverCut && (totals.largeLinks ?? (await lookAtAll(state.workspaceId, totals)))) return null;
    return { page: links, total, pages: Math.ceil(total / page_size), inUse };
  }
  await noteTrash(state, totals, links.length);
  const pages = Math.min(links.length, 1);
  return { page: links, total: links.length, pages, inUse: state.deleted ? inUse : links.length };
}

type ByCount = (typeof CLICK_COUNTS)[number];
const isByCount = (by: Listing['sort_by']): by is ByCount => CLICK_COUNTS.includes(by as ByCount);

function compare(a: Counted, b: Counted, by: Listing['sort_by']): number {
  if (isByCount(by)) return (a[by] ?? 0) - (b[by] ?? 0) || a.id - b.id;
  const byField = by === 'id' ? 0 : (a[by] ?? '').localeCompare(b[by] ?? '');
  return byField || a.id - b.id;
}

async function sorted(links: Link[], { sort_by, sort_dir }: Listing): Promise<Link[]> {
  const counts = isByCount(sort_by) ? await readCounts(links) : undefined;
  const sortable: Counted[] = counts ? links.map((link) => ({ ...link, ...counts(link.id) })) : links;
  const direction = sort_dir === 'asc' ? 1 : -1;
  return sortable.sort((a, b) => direction * compare(a, b, sort_by));
}

/** The requested page, and how many pages there are. Links are measured only if a page may have to be cut. */
async function pageOf(
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
    await storeLargeLinks(workspaceId, true);
  }
  return by(listedBytes);
}

/** Any other page reads all links. */
async function anyPage(state: LinkState, listing: Listing, totals: LinkTotals): Promise<Found> {
  const all = await readAllLinks(state);
  await noteTrash(state, totals, all.length);
  const matching = all.filter((link) => matches(link, listing.search));
  const links = await sorted(matching, listing);
  const inUse = state.deleted ? (totals.inUse ?? 0) : all.length;
  return { ...(await pageOf(state.workspaceId, links, listing, totals)), total: links.length, inUse };
}

async function read(state: LinkState, listing: Listing, totals: LinkTotals): Promise<Found> {
  const total = state.deleted ? totals.inTrash : totals.inUse;
  const isFirstById = listing.sort_by === 'id' && listing.page === 1 && listing.search === '';
  if (totals.inUse === null || totals.inTrash === null) await lookAtAll(state.workspaceId, totals);
  if (!isFirstById || total === null) return anyPage(state, listing, totals);
  return (await firstPage(state, listing, totals, total)) ?? anyPage(state, listing, totals);
}

/** A page of the workspace's links with their counts, as the API returns it. */
export async function listLinks(workspaceId: number, listing: Listing) {
  const state = { workspaceId, deleted: listing.deleted };
  const { page, total, pages, inUse } = await read(state, listing, await readTotals(workspaceId));
  const baseUrl = requiredEnv(ENV.baseUrl);
  const counts = await readCounts(page);
  return {
    links: page.map((link) => ({ ...publicLink(link, baseUrl), ...counts(link.id) })),
    page_number: listing.page,
    page_size: listing.page_size,
    total_entries: total,
    total_pages: pages,
    total_rows: total,
    workspace_link_count: inUse,
  };
}
