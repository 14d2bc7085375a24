import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { api, table, tableName } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { parseBody } from '../core/input.ts';
import { type Link, linkFromItem, publicLink } from '../core/link.ts';
import { currentPlaces } from '../core/link-places.ts';
import { BY_WORKSPACE_INDEX, partition } from '../core/table.ts';

const SORTS = ['id', 'name', 'inserted_at'] as const;
const wholeNumber = (max: number) => {
  const sentence = `must be a whole number from 1 to ${max}`;
  return z.coerce.number(sentence).int(sentence).min(1, sentence).max(max, sentence);
};

const listingSchema = z.object({
  search: z.string().default(''),
  page: wholeNumber(1_000_000).default(1),
  page_size: wholeNumber(1_000).default(1_000),
  sort_by: z.enum(SORTS, `must be one of ${SORTS.join(', ')}`).default('id'),
  sort_dir: z.enum(['asc', 'desc'], 'must be asc or desc').default('desc'),
  deleted: z.enum(['true', 'false'], 'must be true or false').default('false'),
});

/** Every link of a workspace out of the index, which is eventually consistent. */
async function readAll(workspaceId: number): Promise<Link[]> {
  const links: Link[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.send(
      new QueryCommand({
        TableName: tableName(),
        IndexName: BY_WORKSPACE_INDEX,
        KeyConditionExpression: 'gsi1pk = :workspace',
        ExpressionAttributeValues: { ':workspace': partition.workspace(workspaceId) },
        ExclusiveStartKey,
      }),
    );
    links.push(...(page.Items ?? []).map(linkFromItem));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return links;
}

/** A link that is changing its slug shows twice for a moment: the one its pointer names is the link. */
async function withoutLeftSlugs(links: Link[]): Promise<Link[]> {
  const seen = new Set<number>();
  const twice = new Set(links.map((link) => link.id).filter((id) => seen.size === seen.add(id).size));
  if (twice.size === 0) return links;
  const places = await currentPlaces([...twice]);
  return links.filter(({ id, domain, slug }) => {
    const place = places.get(id);
    return !twice.has(id) || (place?.slug === slug && place.domain === domain);
  });
}

function matches(link: Link, search: string): boolean {
  const wanted = search.toLowerCase();
  return [link.name, link.slug, link.url].some((text) => text?.toLowerCase().includes(wanted));
}

function compare(a: Link, b: Link, by: (typeof SORTS)[number]): number {
  const byField = by === 'id' ? 0 : (a[by] ?? '').localeCompare(b[by] ?? '');
  return byField || a.id - b.id;
}

// Lambda answers at most 6 MB; a link is at most 64 KB, so a page is cut by its bytes.
const MAX_PAGE_BYTES = 5 * 1024 * 1024;

function cutToSize<T>(links: T[]): T[] {
  let bytes = 0;
  const end = links.findIndex((link) => {
    bytes += Buffer.byteLength(JSON.stringify(link));
    return bytes > MAX_PAGE_BYTES;
  });
  return end === -1 ? links : links.slice(0, end);
}

/** `GET /workspace/:id/list_links`: a page of the workspace's links, newest first unless sorted otherwise. */
export const handler = api(async ({ workspaceId, query }) => {
  const listing = parseBody(
    listingSchema,
    Object.fromEntries([...query].filter(([, value]) => value !== '')),
  );
  const all = await withoutLeftSlugs(await readAll(workspaceId));
  const kept = all.filter((link) => link.deleted === (listing.deleted === 'true'));
  const found = kept.filter((link) => matches(link, listing.search));
  const direction = listing.sort_dir === 'asc' ? 1 : -1;
  found.sort((a, b) => direction * compare(a, b, listing.sort_by));
  const start = (listing.page - 1) * listing.page_size;
  const page = found.slice(start, start + listing.page_size);
  const baseUrl = requiredEnv(ENV.baseUrl);
  return {
    status: 200,
    body: {
      links: cutToSize(page.map((link) => publicLink(link, baseUrl))),
      page_number: listing.page,
      page_size: listing.page_size,
      total_entries: found.length,
      total_pages: Math.ceil(found.length / listing.page_size),
      total_rows: found.length,
      workspace_link_count: kept.length,
    },
  };
});
