import type { PublicLink } from '../lambdas/links/link.ts';
import { ImportStopped, Interrupted, messageOf } from './command.ts';
import { KnownLinks } from './row-link.ts';

/** A response of the API with a status below 500. */
export type Reply = { status: number; headers: Headers; body: any };

/** The outcome of a call. `lost` says why it is unknown whether the call was carried out. */
export type Outcome = Reply | { lost: string };

/** How the client reaches the network. Tests pass their own. `wait` ends early with an error when the import stops. */
export type ClientParts = {
  origin: string;
  key: string;
  fetch: typeof fetch;
  wait: (ms: number) => Promise<unknown>;
  nowMs: () => number;
};

/** The gateway gives up after 30 s. */
const CALL_TIMEOUT_MS = 60_000;

/** The pauses after lost calls in a row, 31 s in all. After the last one, the import gives up. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** The pause after a 429 without Retry-After. The gateway sends it; it counts per second. */
const DEFAULT_RETRY_MS = 1_000;

/** Calls the API of one Clickhook with one key. When the server asks for a pause, all calls wait. */
export class ApiClient {
  readonly #parts: ClientParts;
  #notBeforeMs = 0;
  #wasReached = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /**
   * Makes a call once. Waits as long as the server asks for pauses, because a call with the response 429 was certainly
   * not carried out.
   * @throws ImportStopped when the key is rejected, or no Clickhook responds
   */
  async send(method: string, path: string, body?: unknown): Promise<Outcome> {
    for (;;) {
      while (this.#parts.nowMs() < this.#notBeforeMs) {
        await this.#wait(this.#notBeforeMs - this.#parts.nowMs());
      }
      const outcome = await this.#fetch(method, path, body);
      if ('lost' in outcome || outcome.status !== 429) return outcome;
      const seconds = Number(outcome.headers.get('retry-after'));
      const pauseMs = seconds > 0 ? seconds * 1_000 : DEFAULT_RETRY_MS;
      this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#parts.nowMs() + pauseMs);
    }
  }

  /** Reads. A lost call is repeated. @throws ImportStopped also when the response is an error */
  async get(path: string): Promise<Reply> {
    for (let lostCalls = 0; ; lostCalls++) {
      const outcome = await this.send('GET', path);
      if ('lost' in outcome) await this.pauseAfterLoss(lostCalls, outcome.lost);
      else if (outcome.status === 200) return outcome;
      else
        throw this.#unlike(
          `responded to GET ${path} with ${outcome.status} ${outcome.body?.error?.replace(/\.$/, '') ?? ''}`.trim(),
        );
    }
  }

  /**
   * Waits before a lost call is repeated.
   * @param lostCalls how many calls in a row were lost before this one
   * @throws ImportStopped when it is time to give up
   */
  async pauseAfterLoss(lostCalls: number, why: string): Promise<void> {
    if (!this.#wasReached) {
      throw new ImportStopped(
        `${this.#parts.origin} can't be reached (${why}). Start Clickhook, or set CLICKHOOK_URL to its address.`,
      );
    }
    const pauseMs = PAUSES_MS[lostCalls];
    if (pauseMs === undefined) {
      throw new ImportStopped(
        `${this.#parts.origin} can't be reached any more (${why}). Check the network and that Clickhook is running.`,
      );
    }
    await this.#wait(pauseMs);
  }

  async #wait(ms: number): Promise<void> {
    try {
      await this.#parts.wait(ms);
    } catch {
      throw new Interrupted();
    }
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Outcome> {
    const { origin, key, fetch } = this.#parts;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        // The key is sent only to the configured address.
        redirect: 'manual',
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      return { lost: messageOf(error) };
    }
    this.#wasReached = true;
    if (response.status >= 500) return { lost: `it responded with ${response.status}` };
    return this.#read(response, text);
  }

  #read({ status, headers }: Response, text: string): Reply {
    if (status === 401) {
      throw new ImportStopped(
        `${this.#parts.origin} does not accept the API key. Set CLICKHOOK_API_KEY to a key of the workspace there.`,
      );
    }
    if (status >= 300 && status < 400) {
      throw new ImportStopped(
        `${this.#parts.origin} redirects to ${headers.get('location')}. Set CLICKHOOK_URL to the address of Clickhook itself.`,
      );
    }
    try {
      return { status, headers, body: JSON.parse(text) };
    } catch {
      if (status === 429) return { status, headers, body: null };
      throw this.#unlike(`responded with ${status} and without JSON`);
    }
  }

  #unlike(what: string): ImportStopped {
    return new ImportStopped(
      `${this.#parts.origin} ${what}. Clickhook does not respond like that. Check CLICKHOOK_URL and any proxy in between.`,
    );
  }
}

/** The workspace of the key, and its custom domains. */
export type Workspace = { id: number; name: string; domains: Set<string> };

/** A page that lacks links is read again in smaller pages. 50 links of 64 KB each fit into a response of 4.5 MB. */
const PAGE_SIZES = [1_000, 250, 50];

function listOf(list: unknown, path: string): any[] {
  if (Array.isArray(list)) return list;
  throw new ImportStopped(
    `GET ${path} returned no list. Clickhook does not respond like that. Check CLICKHOOK_URL.`,
  );
}

/** Reads the workspace of the key, before anything is written. */
export async function readWorkspace(client: ApiClient): Promise<Workspace> {
  const [workspace] = listOf((await client.get('/workspaces')).body, '/workspaces');
  if (typeof workspace?.id !== 'number') {
    throw new ImportStopped('The API key has no workspace. Set CLICKHOOK_API_KEY to another key.');
  }
  const path = `/workspace/${workspace.id}/domains`;
  const { body } = await client.get(path);
  // Earlier versions of Clickhook return a bare array.
  const domains = listOf(Array.isArray(body) ? body : body?.domains, path);
  return { id: workspace.id, name: workspace.name, domains: new Set(domains.map(({ name }) => name)) };
}

/**
 * The links in use, by id, one page at a time.
 * @param afterId only links with a higher id
 */
export async function* readLinks(
  client: ApiClient,
  workspaceId: number,
  afterId = 0,
): AsyncGenerator<PublicLink[]> {
  const path = `/workspace/${workspaceId}/links/export`;
  for (let cursor: string | null = String(afterId); cursor !== null; ) {
    const reply: Reply = await client.get(`${path}?format=json&cursor=${cursor}`);
    yield listOf(reply.body, path);
    cursor = reply.headers.get('x-next-cursor');
  }
}

/** The trash in pages of a given size. `isWhole`: whether no link is missing. */
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

/**
 * The links in the trash, which exports leave out. A link that is moved to or from the trash during the read may be
 * missing.
 */
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
 * @param onPage called with the number of links read so far
 * @returns the links, and the highest id of them, because new links get higher ids
 */
export async function readKnownLinks(
  client: ApiClient,
  workspaceId: number,
  onPage: (count: number) => void = () => undefined,
): Promise<{ knownLinks: KnownLinks; highestId: number }> {
  const knownLinks = new KnownLinks();
  let highestId = 0;
  let count = 0;
  const add = (links: PublicLink[]) => {
    for (const link of links) {
      knownLinks.setExisting(link.id, link);
      highestId = Math.max(highestId, link.id);
    }
    count += links.length;
    onPage(count);
  };
  for await (const links of readLinks(client, workspaceId)) add(links);
  add(await readTrash(client, workspaceId));
  return { knownLinks, highestId };
}
