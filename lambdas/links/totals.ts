import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import { ENV, requiredEnv } from '../env.ts';
import { type Item, partition, sort, table, tableName, writeIf } from '../table.ts';
import { asRead, type Operation } from '../transaction.ts';
import { LARGE_LINKS } from '../workspaces/workspace.ts';
import { type Link, MAX_LINK_BYTES, MAX_PAGE_SIZE, publicLink } from './link.ts';

// The settings of a workspace and the item of a domain contain the number of their links. Every transaction that adds
// or removes a link also updates these numbers. Older items have no numbers until their links are counted.

/** The numbers of links in use and in the trash. */
export type LinkNumbers = { inUse: number; inTrash: number };

/** What is known about a workspace's links; null means unknown. `item` is the item that it was read from. */
export type LinkTotals = {
  inUse: number | null;
  inTrash: number | null;
  largeLinks: boolean | null;
  item: Item;
};

/** The names of the numbers on an item, and of the time of their last change (milliseconds since 1970). */
export const NUMBERS = { inUse: 'link_count', inTrash: 'trash_count', changed: 'links_changed_at' } as const;

/**
 * The index, in which links are counted, lags behind by less than this. A count is right if no link was added or
 * removed for this long.
 */
export const SETTLED_MS = 60_000;

const settingsKey = (workspaceId: number) => ({ pk: partition.workspace(workspaceId), sk: sort.settings });

/** What is known about the links of a workspace. */
export async function readTotals(workspaceId: number): Promise<LinkTotals> {
  const { Item = {} } = await table.send(
    new GetCommand({ TableName: tableName(), Key: settingsKey(workspaceId) }),
  );
  return {
    inUse: counted(Item[NUMBERS.inUse]),
    inTrash: counted(Item[NUMBERS.inTrash]),
    largeLinks: Item[LARGE_LINKS] ?? null,
    item: Item,
  };
}

/** The numbers that one link adds. */
export function numbersOf(link: Pick<Link, 'deleted'> | null): LinkNumbers {
  if (link === null) return { inUse: 0, inTrash: 0 };
  return link.deleted ? { inUse: 0, inTrash: 1 } : { inUse: 1, inTrash: 0 };
}

/** The difference that a change makes to the numbers; null for none. */
export function difference(before: LinkNumbers, after: LinkNumbers): LinkNumbers | null {
  const change = { inUse: after.inUse - before.inUse, inTrash: after.inTrash - before.inTrash };
  return change.inUse === 0 && change.inTrash === 0 ? null : change;
}

/**
 * The start value of a number that was never counted. It stays negative whatever is added, and negative means unknown.
 */
const NEVER_COUNTED = -1_000_000_000;

/** A number of links on an item; null when they have not been counted. */
export function counted(number: number | undefined): number | null {
  return number === undefined || number < 0 ? null : number;
}

/**
 * The operation that counts links which are added to or removed from an item, and sets other attributes.
 * @param own the condition that the item must meet
 */
export function countLinks(
  Key: Item,
  own: { condition: string; values?: Item },
  change: LinkNumbers | null,
  set: Item = {},
): Operation {
  const sets = Object.entries({ ...set, ...(change ? { [NUMBERS.changed]: Date.now() } : {}) });
  const add = (name: string, value: string) => `${name} = if_not_exists(${name}, :never) + ${value}`;
  const adds = change ? [add(NUMBERS.inUse, ':inUse'), add(NUMBERS.inTrash, ':inTrash')] : [];
  return {
    Update: {
      Key,
      UpdateExpression: `SET ${[...sets.map(([name]) => `${name} = :${name}`), ...adds].join(', ')}`,
      ConditionExpression: own.condition,
      ExpressionAttributeValues: {
        ...own.values,
        ...Object.fromEntries(sets.map(([name, value]) => [`:${name}`, value])),
        ...(change ? { ':inUse': change.inUse, ':inTrash': change.inTrash, ':never': NEVER_COUNTED } : {}),
      },
    },
  };
}

/** Counts a link in the settings of its workspace, and marks a workspace that gets a large link. */
export function countInWorkspace(workspaceId: number, change: LinkNumbers | null, getsLarge: boolean) {
  if (!change && !getsLarge) return undefined;
  const own = { condition: 'attribute_exists(pk)' };
  return countLinks(settingsKey(workspaceId), own, change, getsLarge ? { [LARGE_LINKS]: true } : {});
}

/**
 * Stores numbers that were counted among all links of a workspace, unless a link was added or removed since `item` was
 * read or shortly before. For workspaces that were never counted, and for the trash, from which DynamoDB removes links
 * itself.
 */
export async function storeLinkNumbers(
  workspaceId: number,
  { item }: LinkTotals,
  seen: Partial<LinkNumbers>,
): Promise<void> {
  if (Date.now() - (item[NUMBERS.changed] ?? 0) < SETTLED_MS) return;
  const { condition, values } = asRead(item, ...Object.values(NUMBERS));
  const sets = (['inUse', 'inTrash'] as const).filter((name) => seen[name] !== undefined);
  await writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: settingsKey(workspaceId),
      UpdateExpression: `SET ${sets.map((name) => `${NUMBERS[name]} = :${name}`).join(', ')}`,
      ConditionExpression: `attribute_exists(pk) AND ${condition}`,
      ExpressionAttributeValues: {
        ...values,
        ...Object.fromEntries(sets.map((name) => [`:${name}`, seen[name]])),
      },
    }),
  );
}

// A page of a list is cut short when its links do not fit into one response. The first page has to say how many pages
// there are without reading all links. That works as long as the workspace has no link that is large enough to cause a
// cut.

/** With links of up to this size, a page of any size fits into one response. */
const LARGE_BYTES = Math.floor(MAX_SENT_BYTES / MAX_PAGE_SIZE) - ','.length;

/**
 * Leaves room for click counts of any length and for a longer host, because the size of a link must not change with
 * them.
 */
const MARGIN_BYTES = 1_000;

/** The most bytes of a link in a response: all of its characters may be escaped, and its full URL is added. */
export const MAX_LISTED_BYTES = 2 * MAX_LINK_BYTES + 4_096;

/** The bytes of a link with its counts in a response, as `sentBytes` counts them. The same in every response. */
export function listedBytes(link: Link): number {
  return sentBytes(JSON.stringify(publicLink(link, requiredEnv(ENV.baseUrl)))) + MARGIN_BYTES;
}

/** Whether this link can make a page of a list too large for one response. */
export function isLarge(link: Link): boolean {
  return listedBytes(link) > LARGE_BYTES;
}

/** Stores whether a workspace has a large link: true when one was found, false when all links were checked. */
export async function storeLargeLinks(workspaceId: number, large: boolean): Promise<void> {
  await writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: settingsKey(workspaceId),
      UpdateExpression: `SET ${LARGE_LINKS} = :large`,
      ConditionExpression: `attribute_exists(pk) AND ${large ? `${LARGE_LINKS} <> :large` : `attribute_not_exists(${LARGE_LINKS})`}`,
      ExpressionAttributeValues: { ':large': large },
    }),
  );
}
