import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { partition, readItems, sort, table, tableName, writeIf } from '../table.ts';
import type { Operation } from '../transaction.ts';
import { type Link, linkFromItem } from './link.ts';

// The two items of a link and single operations on them: the link itself, at its address, and its location, which finds
// it by id. store.ts combines the operations into transactions.

/** The address of a link: its domain and slug. */
export type LinkAddress = Pick<Link, 'domain' | 'slug'>;

/**
 * The current address of a link, by the link's id. `version` counts the changes of the link's list of webhooks and of
 * when they are purged.
 */
export type LinkLocation = LinkAddress & { workspace_id: number; version?: number; purge_at?: number };

const addressKey = ({ domain, slug }: LinkAddress) => ({ pk: partition.slug(domain, slug), sk: sort.link });
const locationKey = (id: number) => ({ pk: partition.link(id), sk: sort.link });

export const isSameAddress = (one: LinkAddress, other: LinkAddress) =>
  one.domain === other.domain && one.slug === other.slug;

const ID_DIGITS = 16;

/** The index partition of a link. The links in use and those in the trash of a workspace are in separate partitions. */
export function indexPartition({ workspace_id, deleted }: Pick<Link, 'workspace_id' | 'deleted'>): string {
  return partition.workspace(workspace_id) + (deleted ? '#TRASH' : '');
}

/** An id as text that the index sorts in numeric order. */
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

/** The location of the link with this id, read consistently; null when there is none. */
export async function readLocation(id: number): Promise<LinkLocation | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: locationKey(id), ConsistentRead: true }),
  );
  return (Item as LinkLocation | undefined) ?? null;
}

/** Writes a link to an address that has none. */
export function putLink(link: Link): Operation {
  return { Put: { Item: linkItem(link), ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** The condition that a link has not been changed, moved or deleted since it was read. */
const unchanged = ({ id, version }: Link) => ({
  ConditionExpression: 'id = :id AND version = :version',
  ExpressionAttributeValues: { ':id': id, ':version': version },
});

/** Overwrites a link at its address if it has not changed since it was read. */
export function replaceLink(read: Link, link: Link) {
  return { Put: { Item: linkItem(link), ...unchanged(read) } };
}

/** Overwrites a link when nothing else has to be written. @returns false when it has changed since it was read */
export function replaceAlone(read: Link, link: Link): Promise<boolean> {
  return writeIf(new PutCommand({ TableName: tableName(), ...replaceLink(read, link).Put }));
}

/** Deletes a link from the address that it leaves, if it has not changed since it was read. */
export function removeLink(read: Link): Operation {
  return { Delete: { Key: addressKey(read), ...unchanged(read) } };
}

/** Writes the location of a new link. It is purged together with the link. */
export function putLocation({ id, domain, slug, workspace_id, purge_at }: Link): Operation {
  const end = purge_at === null ? {} : { purge_at };
  return {
    Put: {
      Item: { ...locationKey(id), domain, slug, workspace_id, version: 1, ...end },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * Changes the location to the address that a link moves to. The conditions on the link's own items make sure that it is
 * still at the old address.
 */
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

/** The links of a workspace that have one of these ids, by id. Those of other workspaces are left out. */
export async function readLinksById(workspaceId: number, ids: number[]): Promise<Map<number, Link>> {
  const locations = await readItems(ids.map(locationKey), { consistent: false });
  const own = locations.filter(({ workspace_id }) => workspace_id === workspaceId) as LinkAddress[];
  const items = await readItems(own.map(addressKey), { consistent: false });
  const links = items.map(linkFromItem).filter((link) => link.workspace_id === workspaceId);
  return new Map(links.map((link) => [link.id, link]));
}
