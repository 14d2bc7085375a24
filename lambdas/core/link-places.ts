import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import { type Link, linkFromItem, linkItem } from './link.ts';
import { readItems } from './read-items.ts';
import { partition, sort } from './table.ts';
import { writeIf } from './write-if.ts';

/** Where a link is. */
export type Place = Pick<Link, 'domain' | 'slug'>;

/**
 * Finds a link by its id: where it is now. Its own `version` guards changes of place. `left` is the place that it was
 * moved from, until that is known to be cleared.
 */
export type Pointer = Place & { workspace_id: number; version: number; left?: Place; purge_at?: number };

const placeKey = ({ domain, slug }: Place) => ({ pk: partition.slug(domain, slug), sk: sort.link });
const pointerKey = (id: number) => ({ pk: partition.link(id), sk: sort.link });

/** The link at a place, read consistently; null when there is none. */
export async function readAt(place: Place): Promise<Link | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: placeKey(place), ConsistentRead: true }),
  );
  return Item ? linkFromItem(Item) : null;
}

/** The pointer of an id, read consistently; null when there is none. */
export async function readPointer(id: number): Promise<Pointer | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: pointerKey(id), ConsistentRead: true }),
  );
  return (Item as Pointer | undefined) ?? null;
}

/** Where links are now by what their pointers say, by link id. */
export async function currentPlaces(ids: number[]): Promise<Map<number, Pointer>> {
  const items = await readItems(ids.map(pointerKey));
  const idOf = ({ pk }: Record<string, unknown>) => Number(String(pk).slice('LINK#'.length));
  return new Map(items.map((item) => [idOf(item), item as Pointer]));
}

/**
 * Puts a link where there is none, or where this same link already is.
 * @returns whether the place is now this link's: an SDK retry of our own write counts as ours
 */
export function claimPlace(link: Link): Promise<boolean> {
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: linkItem(link),
      ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
      ExpressionAttributeValues: { ':id': link.id },
    }),
  );
}

/** Overwrites a link in its place. @returns false when it was changed or removed since it was read */
export function replaceInPlace(link: Link, readVersion: number): Promise<boolean> {
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: linkItem(link),
      ConditionExpression: 'attribute_exists(pk) AND id = :id AND version = :version',
      ExpressionAttributeValues: { ':id': link.id, ':version': readVersion },
    }),
  );
}

/**
 * Removes a link's item from a place it has left. A later version, which is there when the link has come back, stays;
 * so does another link, which may have got the place by the time of an SDK retry.
 */
export async function clearPlace(place: Place, id: number, version: number): Promise<void> {
  await writeIf(
    new DeleteCommand({
      TableName: tableName(),
      Key: placeKey(place),
      ConditionExpression: 'id = :id AND version <= :version',
      ExpressionAttributeValues: { ':id': id, ':version': version },
    }),
  );
}

/** The item of a link's pointer: it ends with the link. */
function pointerItem({ id, domain, slug, workspace_id, version, purge_at }: Link) {
  return {
    ...pointerKey(id),
    domain,
    slug,
    workspace_id,
    version,
    ...(purge_at === null ? {} : { purge_at }),
  };
}

/** Writes the pointer of a new link. An SDK retry of our own write finds the slug that it has just written. */
export async function createPointer(link: Link): Promise<void> {
  await table.send(
    new PutCommand({
      TableName: tableName(),
      Item: pointerItem(link),
      ConditionExpression: 'attribute_not_exists(pk) OR slug = :slug',
      ExpressionAttributeValues: { ':slug': link.slug },
    }),
  );
}

/** Points to the place of a link that moves. @returns false when another write moved it since the pointer was read */
export function turnPointer(link: Link, left: Place, readVersion: number): Promise<boolean> {
  const { domain, slug } = link;
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { ...pointerItem(link), left },
      // An SDK retry of our own write finds the place that it has just written.
      ConditionExpression: 'version = :from OR slug = :slug AND #domain = :domain',
      ExpressionAttributeNames: { '#domain': 'domain' },
      ExpressionAttributeValues: { ':slug': slug, ':domain': domain, ':from': readVersion },
    }),
  );
}

/** Forgets the place that a link has left. @returns false when another write moved it since the pointer was read */
export function forgetLeftPlace(id: number, readVersion: number): Promise<boolean> {
  return writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: pointerKey(id),
      UpdateExpression: 'REMOVE #left',
      ConditionExpression: 'version = :version',
      ExpressionAttributeNames: { '#left': 'left' },
      ExpressionAttributeValues: { ':version': readVersion },
    }),
  );
}

/** Removes the pointer of a link that was never made. */
export async function deletePointer(id: number): Promise<void> {
  await table.send(new DeleteCommand({ TableName: tableName(), Key: pointerKey(id) }));
}
