import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MAX_SENT_BYTES, sentBytes } from '../answer-size.ts';
import { ENV, requiredEnv } from '../env.ts';
import { type Item, partition, sort, table, tableName, writeIf } from '../table.ts';
import { asRead, type Operation } from '../transaction.ts';
import { LARGE_LINKS } from '../workspaces/workspace.ts';
import { type Link, MAX_LINK_BYTES, MAX_PAGE_SIZE, publicLink } from './link.ts';

// The settings of a workspace and the item of a domain hold how many links they have. Links come and go in one
// transaction with these numbers. Items from before there were numbers have none until they are counted.

/** Numbers of links: in use, and in the trash. */
export type LinkNumbers = { inUse: number; inTrash: number };

/** What is known of a workspace's links; null is unknown. `item` is what it was read from. */
export type LinkTotals = {
  inUse: number | null;
  inTrash: number | null;
  largeLinks: boolean | null;
  item: Item;
};

/** Names of the numbers on an item, and of when they changed last (milliseconds since 1970). */
export const NUMBERS = { inUse: 'link_count', inTrash: 'trash_count', changed: 'links_changed_at' } as const;

/** The index that links are counted from lags, but never by this much: then no link may have come or gone for so long. */
export const SETTLED_MS = 60_000;

const settingsKey = (workspaceId: number) => ({ pk: partition.workspace(workspaceId), sk: sort.settings });

/** What is known of the links of a workspace. */
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

/** What a link counts for. */
export function numbersOf(link: Pick<Link, 'deleted'> | null): LinkNumbers {
  if (link === null) return { inUse: 0, inTrash: 0 };
  return link.deleted ? { inUse: 0, inTrash: 1 } : { inUse: 1, inTrash: 0 };
}

/** The difference that a change makes; null for none. */
export function difference(before: LinkNumbers, after: LinkNumbers): LinkNumbers | null {
  const change = { inUse: after.inUse - before.inUse, inTrash: after.inTrash - before.inTrash };
  return change.inUse === 0 && change.inTrash === 0 ? null : change;
}

/** Where a number that was never counted starts: whatever is added, it stays below 0, which means unknown. */
const NEVER_COUNTED = -1_000_000_000;

/** A number of links on an item; null when nobody has counted them. */
export function counted(number: number | undefined): number | null {
  return number === undefined || number < 0 ? null : number;
}

/**
 * Counts links that come to an item, or leave it, and sets what else changes of it.
 * @param own what must hold of the item
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

/** Counts a link on the settings of its workspace, and marks a workspace that gets a large link. */
export function countInWorkspace(workspaceId: number, change: LinkNumbers | null, getsLarge: boolean) {
  if (!change && !getsLarge) return undefined;
  const own = { condition: 'attribute_exists(pk)' };
  return countLinks(settingsKey(workspaceId), own, change, getsLarge ? { [LARGE_LINKS]: true } : {});
}

/**
 * Stores numbers that were counted among all links of a workspace, unless links came or went since `item` was read or
 * just before. For workspaces that were never counted, and for the trash, from which DynamoDB removes links itself.
 */
export async function noteNumbers(
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

// A page of a list is cut where its links do not fit into one answer. The first page has to say how many pages there
// are without reading all links; it can, as long as a workspace has no link that is large enough to have pages cut.

/** So many links of this size fit into one answer, whatever page size is asked for. */
const LARGE_BYTES = Math.floor(MAX_SENT_BYTES / MAX_PAGE_SIZE) - ','.length;

/** Counts of clicks of any height, and a host that is longer than today's: the size of a link must not change with them. */
const MARGIN_BYTES = 600;

/** Most bytes of a link in an answer: everything in it may be escaped, and its full address is added. */
export const MAX_LISTED_BYTES = 2 * MAX_LINK_BYTES + 4_096;

/** Bytes that a link takes in an answer, as `sentBytes` counts them, with its counts: the same in every answer. */
export function listedBytes(link: Link): number {
  return sentBytes(JSON.stringify(publicLink(link, requiredEnv(ENV.baseUrl)))) + MARGIN_BYTES;
}

/** Whether pages of a list may have to be cut because of this link. */
export function isLarge(link: Link): boolean {
  return listedBytes(link) > LARGE_BYTES;
}

/** Stores whether a workspace has a large link: true when one was met, false when all links were looked at. */
export async function noteLargeLinks(workspaceId: number, large: boolean): Promise<void> {
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
