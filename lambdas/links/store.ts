import { countOnDomain, notOwnDomain } from '../domains/store.ts';
import { ClientError, conflict, invalidFields, notFound } from '../errors.ts';
import { readStoredHooks, setPurge, writeHooks } from '../hooks/store.ts';
import { changeOwner } from '../owner-list.ts';
import { nextId, partition } from '../table.ts';
import { type Operations, transact } from '../transaction.ts';
import { clicksKey } from './counts.ts';
import { type Link, MAX_LINK_BYTES, newLink } from './link.ts';
import {
  isSameAddress,
  type LinkLocation,
  putLink,
  putLocation,
  readAt,
  readLocation,
  removeLink,
  replaceAlone,
  replaceLink,
  repoint,
} from './link-items.ts';
import { randomSlug } from './slug.ts';
import { countInWorkspace, difference, isLarge, numbersOf } from './totals.ts';

/** A link stays in the trash for 30 days. Then DynamoDB removes it by its time to live, within a few days. */
const TRASH_SECONDS = 30 * 24 * 60 * 60;

/**
 * When a link in the trash is purged, in seconds since 1970; null when it is in use. A link that is in the trash
 * already keeps its time.
 */
function purgeAt(deleted: boolean, before: Pick<Link, 'purge_at'> | null): number | null {
  if (!deleted) return null;
  return before?.purge_at ?? Math.floor(Date.now() / 1_000) + TRASH_SECONDS;
}

/** A link and its location, as they were read. */
type Read = { link: Link; location: LinkLocation };

/**
 * A workspace's link by id, with its location.
 * @throws ClientError 404 when it is missing or belongs to another workspace
 */
export async function readLink(workspaceId: number, id: number): Promise<Read> {
  let location = await readLocation(id);
  for (;;) {
    if (location?.workspace_id !== workspaceId) throw notFound();
    const link = await readAt(location);
    if (link?.id === id) return { link, location };
    // The link may have moved between the two reads.
    const now = await readLocation(id);
    if (now && isSameAddress(location, now)) throw notFound();
    location = now;
  }
}

function assertSize(link: Link): void {
  const bytes = Buffer.byteLength(JSON.stringify(link));
  if (bytes <= MAX_LINK_BYTES) return;
  throw new ClientError(
    422,
    'too_large',
    `The link has ${bytes} bytes. The limit is ${MAX_LINK_BYTES}. Shorten its rules or texts.`,
  );
}

function slugTaken(slug: string): ClientError {
  return invalidFields({ slug: [`${slug} is already taken. Choose another`] });
}

/**
 * The operations that update the link numbers of the workspace, and of the domains that the link leaves and moves to.
 */
function countChange(before: Link | null, after: Link): Operations {
  const workspaceId = after.workspace_id;
  const getsLarge = isLarge(after) && !(before && isLarge(before));
  const change = difference(numbersOf(before), numbersOf(after));
  const counts: Operations = { workspace: countInWorkspace(workspaceId, change, getsLarge) };
  for (const domain of new Set([before?.domain, after.domain])) {
    const numbersOn = (link: Link | null) => numbersOf(link?.domain === domain ? link : null);
    const onDomain = difference(numbersOn(before), numbersOn(after));
    if (domain && onDomain) counts[`domain ${domain}`] = countOnDomain(workspaceId, domain, onDomain);
  }
  return counts;
}

/**
 * Writes a link and everything that belongs to it, including the link numbers, in one transaction. If the workspace no
 * longer has the domain that the link leaves, nothing is counted there.
 * @returns the names of the operations whose conditions did not hold; if there are none, everything is written
 * @throws ClientError 422 at `domain` when the workspace does not have the link's new domain; 404 (no such workspace)
 */
async function write(before: Link | null, after: Link, operations: Operations): Promise<Set<string>> {
  const counts = countChange(before, after);
  const refused = await transact({ ...operations, ...counts });
  if (after.domain !== before?.domain && refused.has(`domain ${after.domain}`)) {
    throw notOwnDomain(String(after.domain));
  }
  if (refused.has('workspace')) throw notFound();
  const previous = `domain ${before?.domain}`;
  return refused.has(previous) ? transact({ ...operations, ...counts, [previous]: undefined }) : refused;
}

const AUTO_SLUG_ATTEMPTS = 5;

/**
 * Creates a link with its webhooks in one transaction. Without a slug it gets a random one.
 * @throws ClientError 422 with `errors.slug` when the slug is taken, 422 with `errors.domain` when the domain no longer
 * exists
 */
export async function createLink(
  workspaceId: number,
  fields: Partial<Link> & { url: string },
  webhooks: string[] = [],
): Promise<Link> {
  const now = new Date().toISOString();
  const { slug: wanted, ...rest } = fields;
  const purge_at = purgeAt(rest.deleted === true, null);
  const draft = (id: number, slug: string) =>
    newLink({ id, workspace_id: workspaceId, slug, url: fields.url }, { ...rest, purge_at }, now);
  assertSize(draft(Number.MAX_SAFE_INTEGER, wanted ?? randomSlug()));
  for (let attempt = 1; ; attempt++) {
    const link = draft(await nextId('LINK'), wanted ?? randomSlug());
    const refused = await write(null, link, {
      location: putLocation(link),
      counts: { Put: { Item: { ...clicksKey(link.id), ...(purge_at === null ? {} : { purge_at }) } } },
      link: putLink(link),
      ...writeHooks(partition.link(link.id), [], webhooks, { purge_at }),
    });
    if (refused.size === 0) return link;
    if ((wanted && refused.has('link')) || attempt === AUTO_SLUG_ATTEMPTS) throw slugTaken(link.slug);
  }
}

/** The operations on a link's webhooks, and on when the webhooks and counts are purged; null for none. */
async function changeBelongings(
  read: Link,
  { id, purge_at }: Link,
  webhooks: string[] | undefined,
): Promise<Operations | null> {
  const changes = purge_at !== read.purge_at;
  if (!changes && webhooks === undefined) return null;
  const owner = partition.link(id);
  const hooks = writeHooks(owner, await readStoredHooks(owner), webhooks, { purge_at, changes });
  if (!changes) return Object.keys(hooks).length > 0 ? hooks : null;
  // Creates counts that are missing, so that a late click adds to an item that is purged with its link.
  return { ...hooks, counts: setPurge(clicksKey(id), purge_at) };
}

/** Changes a link that was read. @returns false when it, its location or its webhooks have changed since */
async function change(
  { link, location }: Read,
  changed: Link,
  webhooks: string[] | undefined,
): Promise<boolean> {
  const belongings = await changeBelongings(link, changed, webhooks);
  const moves = !isSameAddress(link, changed);
  if (!moves && !belongings && (isLarge(link) || !isLarge(changed))) return replaceAlone(link, changed);
  const { id, domain, slug, purge_at } = changed;
  const end = belongings?.counts ? { purge_at: purge_at ?? undefined } : {};
  const newLocation = belongings
    ? changeOwner(partition.link(id), location, { domain, slug, ...end })
    : repoint(changed);
  const refused = await write(link, changed, {
    ...(moves ? { old: removeLink(link), link: putLink(changed) } : { old: replaceLink(link, changed) }),
    ...(moves || belongings ? { location: newLocation } : {}),
    ...belongings,
  });
  if (refused.has('link') && !refused.has('old')) throw slugTaken(slug);
  return refused.size === 0;
}

const UPDATE_ATTEMPTS = 5;

/**
 * Changes fields of a link, and its webhooks if they are given. A write that lost a race is repeated on the current
 * link.
 * @param fieldsOf returns the fields to change, for the current link
 * @throws ClientError 404 (missing), 422 (slug taken, too large, domain gone), 409 (lost every race)
 */
export async function updateLink(
  workspaceId: number,
  id: number,
  fieldsOf: (link: Link) => Partial<Link> | Promise<Partial<Link>>,
  webhooks?: string[],
): Promise<Link> {
  for (let attempt = 1; attempt <= UPDATE_ATTEMPTS; attempt++) {
    const read = await readLink(workspaceId, id);
    const asked = { ...read.link, ...(await fieldsOf(read.link)) };
    const changed: Link = {
      ...asked,
      purge_at: purgeAt(asked.deleted, read.link),
      version: read.link.version + 1,
      updated_at: new Date().toISOString(),
    };
    assertSize(changed);
    if (await change(read, changed, webhooks)) return changed;
  }
  throw conflict(
    'The link was changed by another request at the same time. Read it again and repeat your change.',
  );
}

/** Moves a link to the trash. A link that is already there stays. @throws ClientError 404, 409 */
export function trashLink(workspaceId: number, id: number): Promise<Link> {
  return updateLink(workspaceId, id, () => ({ deleted: true, enabled: false }));
}
