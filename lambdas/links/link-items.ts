import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { partition, sort, table, tableName, writeIf } from '../table.ts';
import type { Operation } from '../transaction.ts';
import { type Link, linkFromItem } from './link.ts';

// The two items of a link, and single operations on them: the link itself, at its address, and its location, which
// finds it by its id. store.ts composes transactions of them.

/** The address of a link: where it is found by its slug. */
export type LinkAddress = Pick<Link, 'domain' | 'slug'>;

/**
 * The address that a link has now, by its id. `version` counts the changes of the link's list of webhooks, and of how
 * long they last.
 */
export type LinkLocation = LinkAddress & { workspace_id: number; version?: number; purge_at?: number };

const addressKey = ({ domain, slug }: LinkAddress) => ({ pk: partition.slug(domain, slug), sk: sort.link });
const locationKey = (id: number) => ({ pk: partition.link(id), sk: sort.link });

export const isSameAddress = (one: LinkAddress, other: LinkAddress) =>
  one.domain === other.domain && one.slug === other.slug;

const ID_DIGITS = 16;

/** The partition of the index that a link is in: its workspace's links in use and in the trash are apart. */
export function indexPartition({ workspace_id, deleted }: Pick<Link, 'workspace_id' | 'deleted'>): string {
  return partition.workspace(workspace_id) + (deleted ? '#TRASH' : '');
}

/** An id as the index sorts it: by text, like the number. */
export function indexSort(id: number): string {
  return String(id).padStart(ID_DIGITS, '0');
}

/** The table item of a link. */
export function linkItem(link: Link) {
  return { ...link, ...addressKey(link), gsi1pk: indexPartition(link), gsi1sk: indexSort(link.id) };
}

/** The link at an address, read consistently; null when there is none. */
export async function readAt(address: LinkAddress): Promise<Link | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: addressKey(address), ConsistentRead: true }),
  );
  return Item ? linkFromItem(Item) : null;
}

/** The location of the link with an id, read consistently; null when there is none. */
export async function readLocation(id: number): Promise<LinkLocation | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: locationKey(id), ConsistentRead: true }),
  );
  return (Item as LinkLocation | undefined) ?? null;
}

/** Puts a link at an address that has none. */
export function putLink(link: Link): Operation {
  return { Put: { Item: linkItem(link), ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Holds for a link that has not been changed, moved or removed since it was read. */
const unchanged = ({ id, version }: Link) => ({
  ConditionExpression: 'id = :id AND version = :version',
  ExpressionAttributeValues: { ':id': id, ':version': version },
});

/** Overwrites a link at its address, if it still is what was read. */
export function replaceLink(read: Link, link: Link) {
  return { Put: { Item: linkItem(link), ...unchanged(read) } };
}

/** Overwrites a link with nothing else to write. @returns false when it is not what was read any more */
export function replaceAlone(read: Link, link: Link): Promise<boolean> {
  return writeIf(new PutCommand({ TableName: tableName(), ...replaceLink(read, link).Put }));
}

/** Removes a link from the address that it leaves, if it still is what was read. */
export function removeLink(read: Link): Operation {
  return { Delete: { Key: addressKey(read), ...unchanged(read) } };
}

/** Writes the location of a new link, which ends with the link. */
export function putLocation({ id, domain, slug, workspace_id, purge_at }: Link): Operation {
  const end = purge_at === null ? {} : { purge_at };
  return {
    Put: {
      Item: { ...locationKey(id), domain, slug, workspace_id, version: 1, ...end },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Points to the address that a link moves to. That it is still at the old one is the condition of its own items. */
export function repoint({ id, domain, slug }: Link): Operation {
  return {
    Update: {
      Key: locationKey(id),
      UpdateExpression: 'SET #domain = :domain, #slug = :slug',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#domain': 'domain', '#slug': 'slug' },
      ExpressionAttributeValues: { ':domain': domain, ':slug': slug },
    },
  };
}
