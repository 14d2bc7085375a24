import { table, tableName } from './api.ts';
import { ClientError, conflict, invalidFields, notFound } from './errors.ts';
import { isLarge, markLargeLinks } from './large-links.ts';
import { type Link, MAX_LINK_BYTES, newLink } from './link.ts';
import {
  claimPlace,
  clearPlace,
  createPointer,
  deletePointer,
  forgetLeftPlace,
  type Pointer,
  readAt,
  readPointer,
  replaceInPlace,
  turnPointer,
} from './link-places.ts';
import { countLink } from './link-totals.ts';
import { purgeAt, purgeBelongings } from './link-trash.ts';
import { nextId } from './next-id.ts';
import { randomSlug } from './slug.ts';

/**
 * A workspace's link by id, with its pointer.
 * @throws ClientError 404 when it is missing, half-made (a pointer without a link) or another workspace's
 */
export async function readLink(workspaceId: number, id: number): Promise<{ link: Link; pointer: Pointer }> {
  const pointer = await readPointer(id);
  if (pointer?.workspace_id !== workspaceId) throw notFound();
  const link = await readAt(pointer);
  if (link?.id !== id) throw notFound();
  return { link, pointer };
}

function assertSize(link: Link): void {
  const bytes = Buffer.byteLength(JSON.stringify(link));
  if (bytes <= MAX_LINK_BYTES) return;
  throw new ClientError(
    422,
    'too_large',
    `The link is ${bytes} bytes, at most ${MAX_LINK_BYTES} fit: shorten its rules or texts`,
  );
}

function slugTaken(slug: string): ClientError {
  return invalidFields({ slug: [`${slug} is already taken: choose another`] });
}

const AUTO_SLUG_ATTEMPTS = 5;

/**
 * Makes a link: id, pointer, link, in this order, so that a crash in between leaves a pointer that
 * reads as missing and no half-made link. Without a slug one is drawn.
 * @param belongings writes what is the link's before there is a link, or with `kept` false takes it away again
 * @throws ClientError 422 with `errors.slug` when the slug is taken; nothing of the link remains then
 */
export async function createLink(
  workspaceId: number,
  fields: Partial<Link> & { url: string },
  belongings: (id: number, kept: boolean) => Promise<void> = async () => undefined,
): Promise<Link> {
  const now = new Date().toISOString();
  const { slug: wanted, ...rest } = fields;
  const draft = (id: number, slug: string) =>
    newLink(
      { id, workspace_id: workspaceId, slug, url: fields.url },
      { ...rest, purge_at: purgeAt(rest.deleted === true, null) },
      now,
    );
  const largest = draft(Number.MAX_SAFE_INTEGER, wanted ?? randomSlug());
  assertSize(largest);
  if (isLarge(largest)) await markLargeLinks(workspaceId);
  for (let attempt = 1; ; attempt++) {
    const link = draft(await nextId(table, tableName(), 'LINK'), wanted ?? randomSlug());
    await createPointer(link);
    await belongings(link.id, true);
    if (await claimPlace(link)) {
      await countLink(null, link);
      return link;
    }
    await belongings(link.id, false);
    await deletePointer(link.id);
    if (wanted || attempt === AUTO_SLUG_ATTEMPTS) throw slugTaken(link.slug);
  }
}

/** Moves a link to its new place: new item, pointer, old item. @returns false when another write won */
async function move(old: Link, moved: Link, pointer: Pointer): Promise<boolean> {
  if (!(await claimPlace(moved))) throw slugTaken(moved.slug);
  if (!(await turnPointer(moved, { domain: old.domain, slug: old.slug }, pointer.version))) {
    await clearPlace(moved, moved.id, moved.version);
    return false;
  }
  // Up to the new version: deliver may have marked the old item since it was read.
  await clearPlace(old, old.id, moved.version);
  return true;
}

/**
 * Ends a move that broke off before its old place was cleared. A link that came back there has a later version.
 * @returns false when another write won
 */
async function endMove({ id }: Link, { left, version }: Pointer): Promise<boolean> {
  if (!left) return true;
  await clearPlace(left, id, version);
  return forgetLeftPlace(id, version);
}

const UPDATE_ATTEMPTS = 3;

/**
 * Changes the named fields of a link; a write that lost a race is repeated on what is there now.
 * @param change gives the fields to change of the link as it is
 * @throws ClientError 404 (missing), 422 (slug taken, too large), 409 (lost every race)
 */
export async function updateLink(
  workspaceId: number,
  id: number,
  change: (link: Link) => Partial<Link> | Promise<Partial<Link>>,
): Promise<Link> {
  for (let attempt = 1; attempt <= UPDATE_ATTEMPTS; attempt++) {
    const { link, pointer } = await readLink(workspaceId, id);
    if (!(await endMove(link, pointer))) continue;
    const asked = { ...link, ...(await change(link)) };
    const changed: Link = {
      ...asked,
      purge_at: purgeAt(asked.deleted, link),
      version: link.version + 1,
      updated_at: new Date().toISOString(),
    };
    assertSize(changed);
    if (isLarge(changed) && !isLarge(link)) await markLargeLinks(workspaceId);
    const stays = changed.slug === link.slug && changed.domain === link.domain;
    const done = stays ? await replaceInPlace(changed, link.version) : await move(link, changed, pointer);
    if (done) {
      if (link.deleted || changed.deleted) await purgeBelongings(changed);
      await countLink(link, changed);
      return changed;
    }
  }
  throw conflict(
    'The link was changed by somebody else at the same time: read it again and repeat your change',
  );
}
