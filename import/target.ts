import type { PublicLink } from '../lambdas/links/link.ts';
import type { ApiClient, Reply } from './client.ts';
import { ImportStopped } from './errors.ts';
import { Places } from './places.ts';

/** The workspace that the key opens, and its custom domains. */
export type Workspace = { id: number; name: string; domains: Set<string> };

/** A list that can't be had whole is asked for in smaller pages: 64 KB for each link fit into an answer of 4.5 MB. */
const PAGE_SIZES = [1_000, 250, 50];

function listOf(reply: Reply, path: string): any[] {
  if (Array.isArray(reply.body)) return reply.body;
  throw new ImportStopped(`GET ${path} gives no list, unlike a Clickhook: check CLICKHOOK_URL.`);
}

/** Reads what there is before anything is written. The workspace is the key's own. */
export async function readWorkspace(client: ApiClient): Promise<Workspace> {
  const [workspace] = listOf(await client.get('/workspaces'), '/workspaces');
  if (typeof workspace?.id !== 'number') {
    throw new ImportStopped('The key opens no workspace: set CLICKHOOK_API_KEY to another.');
  }
  const path = `/workspace/${workspace.id}/domains`;
  const domains = listOf(await client.get(path), path);
  return { id: workspace.id, name: workspace.name, domains: new Set(domains.map(({ name }) => name)) };
}

/**
 * The links in use, by id, a page at a time.
 * @param afterId only those with a higher id
 */
export async function* readLinks(
  client: ApiClient,
  workspaceId: number,
  afterId = 0,
): AsyncGenerator<PublicLink[]> {
  const path = `/workspace/${workspaceId}/links/export`;
  for (let cursor: string | null = String(afterId); cursor !== null; ) {
    const reply: Reply = await client.get(`${path}?format=json&cursor=${cursor}`);
    yield listOf(reply, path);
    cursor = reply.headers.get('x-next-cursor');
  }
}

/** The trash in pages of a size, and whether that is all of it. */
async function readTrashBy(client: ApiClient, workspaceId: number, size: number) {
  const links: PublicLink[] = [];
  let total = 0;
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = `deleted=true&sort_by=id&sort_dir=asc&page=${page}&page_size=${size}`;
    const { body } = await client.get(`/workspace/${workspaceId}/list_links?${query}`);
    links.push(...body.links);
    pages = body.total_pages;
    total = body.total_entries;
  }
  return { links, isWhole: links.length >= total };
}

/** The links in the trash, which no export has. What comes or goes meanwhile may be missing. */
export async function readTrash(client: ApiClient, workspaceId: number): Promise<PublicLink[]> {
  let links: PublicLink[] = [];
  for (const size of PAGE_SIZES) {
    const read = await readTrashBy(client, workspaceId, size);
    links = read.links;
    if (read.isWhole) break;
  }
  return links;
}

/**
 * Reads all links of a workspace.
 * @param onPage called with how many were read so far
 * @returns their places, and the highest id of them: links made later have higher ones
 */
export async function readPlaces(
  client: ApiClient,
  workspaceId: number,
  onPage: (count: number) => void = () => undefined,
): Promise<{ places: Places; highestId: number }> {
  const places = new Places();
  let highestId = 0;
  let count = 0;
  const add = (links: PublicLink[]) => {
    for (const link of links) {
      places.setThere(link.id, link);
      highestId = Math.max(highestId, link.id);
    }
    count += links.length;
    onPage(count);
  };
  for await (const links of readLinks(client, workspaceId)) add(links);
  add(await readTrash(client, workspaceId));
  return { places, highestId };
}
