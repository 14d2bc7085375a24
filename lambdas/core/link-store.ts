import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import { ClientError, conflict, invalidFields, notFound } from './errors.ts';
import { type Link, linkFromItem, linkItem, MAX_LINK_BYTES, newLink, randomSlug } from './link.ts';
import { nextId } from './next-id.ts';
import { readItems } from './read-items.ts';
import { isConditionFailure, partition, sort } from './table.ts';

/** Finds a link by its id: where it is now. Its own `version` guards changes of slug. */
type Pointer = { domain: string | null; slug: string; workspace_id: number; version: number };

const linkKey = (domain: string | null, slug: string) => ({
  pk: partition.slug(domain, slug),
  sk: sort.link,
});
const pointerKey = (id: number) => ({ pk: partition.link(id), sk: sort.link });

/** The link at a slug, read consistently; null when there is none. */
async function readAt(domain: string | null, slug: string): Promise<Link | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: linkKey(domain, slug), ConsistentRead: true }),
  );
  return Item ? linkFromItem(Item) : null;
}

async function readPointer(id: number): Promise<Pointer | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: pointerKey(id), ConsistentRead: true }),
  );
  return (Item as Pointer | undefined) ?? null;
}

/**
 * A workspace's link by id, with its pointer.
 * @throws ClientError 404 when it is missing, half-made (a pointer without a link) or another workspace's
 */
export async function readLink(workspaceId: number, id: number): Promise<{ link: Link; pointer: Pointer }> {
  const pointer = await readPointer(id);
  if (pointer?.workspace_id !== workspaceId) throw notFound();
  const link = await readAt(pointer.domain, pointer.slug);
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

/**
 * Puts a link where there is none, or where this same link already is.
 * @returns whether the place is now this link's: an SDK retry of our own write counts as ours
 */
async function claimSlug(link: Link): Promise<boolean> {
  try {
    await table.send(
      new PutCommand({
        TableName: tableName(),
        Item: linkItem(link),
        ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
        ExpressionAttributeValues: { ':id': link.id },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

async function putPointer(link: Link, condition: 'new' | number): Promise<void> {
  const { domain, slug, workspace_id, version } = link;
  const isNew = condition === 'new';
  await table.send(
    new PutCommand({
      TableName: tableName(),
      Item: { ...pointerKey(link.id), domain, slug, workspace_id, version },
      // An SDK retry of our own write finds the place that it has just written.
      ConditionExpression: isNew
        ? 'attribute_not_exists(pk) OR slug = :slug'
        : 'version = :from OR slug = :slug AND #domain = :domain',
      ...(isNew ? {} : { ExpressionAttributeNames: { '#domain': 'domain' } }),
      ExpressionAttributeValues: {
        ':slug': slug,
        ...(isNew ? {} : { ':domain': domain, ':from': condition }),
      },
    }),
  );
}

async function deletePointer(id: number): Promise<void> {
  await table.send(new DeleteCommand({ TableName: tableName(), Key: pointerKey(id) }));
}

const AUTO_SLUG_ATTEMPTS = 5;

/**
 * Makes a link: id, pointer, link, in this order, so that a crash in between leaves a pointer that
 * reads as missing and no half-made link. Without a slug one is drawn.
 * @throws ClientError 422 with `errors.slug` when the slug is taken; nothing of the link remains then
 */
export async function createLink(
  workspaceId: number,
  fields: Partial<Link> & { url: string },
): Promise<Link> {
  const now = new Date().toISOString();
  const { slug: wanted, ...rest } = fields;
  const draft = (id: number, slug: string) =>
    newLink({ id, workspace_id: workspaceId, slug, url: fields.url }, rest, now);
  assertSize(draft(Number.MAX_SAFE_INTEGER, wanted ?? randomSlug()));
  for (let attempt = 1; ; attempt++) {
    const link = draft(await nextId(table, tableName(), 'LINK'), wanted ?? randomSlug());
    await putPointer(link, 'new');
    if (await claimSlug(link)) return link;
    await deletePointer(link.id);
    if (wanted || attempt === AUTO_SLUG_ATTEMPTS) throw slugTaken(link.slug);
  }
}

/** Overwrites a link in its place. @returns false when it was changed or removed since it was read */
async function replaceInPlace(link: Link, readVersion: number): Promise<boolean> {
  try {
    await table.send(
      new PutCommand({
        TableName: tableName(),
        Item: linkItem(link),
        ConditionExpression: 'attribute_exists(pk) AND id = :id AND version = :version',
        ExpressionAttributeValues: { ':id': link.id, ':version': readVersion },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Removes a link's item from a slug it has left. @returns false when it was changed since it was read */
async function leaveSlug(old: Link): Promise<boolean> {
  try {
    await table.send(
      new DeleteCommand({
        TableName: tableName(),
        Key: linkKey(old.domain, old.slug),
        ConditionExpression: 'attribute_not_exists(pk) OR id <> :id OR version = :version',
        ExpressionAttributeValues: { ':id': old.id, ':version': old.version },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Moves a link to its new slug: new item, pointer, old item. @returns false when another write won */
async function move(old: Link, moved: Link, pointer: Pointer): Promise<boolean> {
  if (!(await claimSlug(moved))) throw slugTaken(moved.slug);
  try {
    await putPointer(moved, pointer.version);
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    await leaveSlug(moved);
    return false;
  }
  return leaveSlug(old);
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
    const changed: Link = {
      ...link,
      ...(await change(link)),
      version: link.version + 1,
      updated_at: new Date().toISOString(),
    };
    assertSize(changed);
    const stays = changed.slug === link.slug && changed.domain === link.domain;
    const done = stays ? await replaceInPlace(changed, link.version) : await move(link, changed, pointer);
    if (done) return changed;
  }
  throw conflict(
    'The link was changed by somebody else at the same time: read it again and repeat your change',
  );
}

/** Where links are now by what their pointers say, by link id. */
export async function currentPlaces(ids: number[]): Promise<Map<number, Pointer>> {
  const items = await readItems(ids.map(pointerKey));
  const idOf = ({ pk }: Record<string, unknown>) => Number(String(pk).slice('LINK#'.length));
  return new Map(items.map((item) => [idOf(item), item as Pointer]));
}
