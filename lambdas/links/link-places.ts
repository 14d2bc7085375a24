import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { partition, sort, table, tableName, writeIf } from '../table.ts';
import type { Operation } from '../transaction.ts';
import { type Link, linkFromItem, linkItem } from './link.ts';

/** Where a link is. */
export type Place = Pick<Link, 'domain' | 'slug'>;

/**
 * Finds a link by its id: where it is now. `version` counts the changes of the link's list of webhooks, and of how long
 * they last.
 */
export type Pointer = Place & { workspace_id: number; version?: number; purge_at?: number };

const placeKey = ({ domain, slug }: Place) => ({ pk: partition.slug(domain, slug), sk: sort.link });
const pointerKey = (id: number) => ({ pk: partition.link(id), sk: sort.link });

export const isSamePlace = (one: Place, other: Place) =>
  one.domain === other.domain && one.slug === other.slug;

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

/** Puts a link where there is none. */
export function putLink(link: Link): Operation {
  return { Put: { Item: linkItem(link), ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Holds for a link that has not been changed, moved or removed since it was read. */
const unchanged = ({ id, version }: Link) => ({
  ConditionExpression: 'id = :id AND version = :version',
  ExpressionAttributeValues: { ':id': id, ':version': version },
});

/** Overwrites a link in its place, if it still is what was read. */
export function replaceLink(read: Link, link: Link) {
  return { Put: { Item: linkItem(link), ...unchanged(read) } };
}

/** Overwrites a link with nothing else to write. @returns false when it is not what was read any more */
export function replaceInPlace(read: Link, link: Link): Promise<boolean> {
  return writeIf(new PutCommand({ TableName: tableName(), ...replaceLink(read, link).Put }));
}

/** Removes a link from the place that it leaves, if it still is what was read. */
export function removeLink(read: Link): Operation {
  return { Delete: { Key: placeKey(read), ...unchanged(read) } };
}

/** Writes the pointer of a new link, which ends with the link. */
export function putPointer({ id, domain, slug, workspace_id, purge_at }: Link): Operation {
  const end = purge_at === null ? {} : { purge_at };
  return {
    Put: {
      Item: { ...pointerKey(id), domain, slug, workspace_id, version: 1, ...end },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Points to the place that a link moves to. That it is still where it was is the condition of its own items. */
export function movePointer({ id, domain, slug }: Link): Operation {
  return {
    Update: {
      Key: pointerKey(id),
      UpdateExpression: 'SET #domain = :domain, #slug = :slug',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#domain': 'domain', '#slug': 'slug' },
      ExpressionAttributeValues: { ':domain': domain, ':slug': slug },
    },
  };
}
