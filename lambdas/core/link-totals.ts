import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import type { Link } from './link.ts';
import type { Shelf } from './link-index.ts';
import { partition, sort } from './table.ts';
import { count, logger } from './telemetry.ts';
import { LARGE_LINKS } from './workspace.ts';
import { writeIf } from './write-if.ts';

/**
 * How many links a workspace has, in use and in the trash, and whether any of them is large; null where nobody has
 * looked yet.
 */
export type LinkTotals = {
  inUse: number | null;
  inTrash: number | null;
  largeLinks: boolean | null;
  changedAtMs: number;
};

/** Names of the totals on the settings of a workspace. */
const NAMES = { inUse: 'link_count', inTrash: 'trash_count' } as const;

/** A total is corrected only when no link has come or gone for so long: the index that it is counted from lags. */
const SETTLED_MS = 60_000;

const key = (workspaceId: number) => ({ pk: partition.workspace(workspaceId), sk: sort.settings });

/** The kept totals of a workspace. */
export async function readTotals(workspaceId: number): Promise<LinkTotals> {
  const { Item } = await table.send(new GetCommand({ TableName: tableName(), Key: key(workspaceId) }));
  return {
    inUse: Item?.[NAMES.inUse] ?? null,
    inTrash: Item?.[NAMES.inTrash] ?? null,
    largeLinks: Item?.[LARGE_LINKS] ?? null,
    changedAtMs: Item?.links_changed_at ?? 0,
  };
}

/** What a link counts for: its workspace's links in use, or those in the trash. */
function shelfOf({ deleted }: Pick<Link, 'deleted'>): { inUse: number; inTrash: number } {
  return deleted ? { inUse: 0, inTrash: 1 } : { inUse: 1, inTrash: 0 };
}

/**
 * Counts a link that has been made, or that has changed shelves. Never throws: a total that is off is logged and
 * counted, and corrected by the next list that reads all links.
 */
export async function countLink(before: Link | null, after: Link): Promise<void> {
  const was = before ? shelfOf(before) : { inUse: 0, inTrash: 0 };
  const is = shelfOf(after);
  if (was.inUse === is.inUse && was.inTrash === is.inTrash) return;
  try {
    await writeIf(
      new UpdateCommand({
        TableName: tableName(),
        Key: key(after.workspace_id),
        UpdateExpression: `ADD ${NAMES.inUse} :inUse, ${NAMES.inTrash} :inTrash SET links_changed_at = :now`,
        // Totals that were never counted stay unknown: a part of them would be wrong.
        ConditionExpression: `attribute_exists(${NAMES.inUse}) AND attribute_exists(${NAMES.inTrash})`,
        ExpressionAttributeValues: {
          ':inUse': is.inUse - was.inUse,
          ':inTrash': is.inTrash - was.inTrash,
          ':now': Date.now(),
        },
      }),
    );
  } catch (error) {
    logger.error('A link could not be counted', { error: error as Error, link_id: after.id });
    count('LinkUncounted');
  }
}

/** Sets a total to what a list has just seen of a whole shelf, when it was off and nothing is under way. */
export async function correctTotal(
  { workspaceId, deleted }: Shelf,
  totals: LinkTotals,
  seen: number,
): Promise<void> {
  const [name, kept] = deleted ? [NAMES.inTrash, totals.inTrash] : [NAMES.inUse, totals.inUse];
  if (kept === seen || Date.now() - totals.changedAtMs < SETTLED_MS) return;
  await writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: key(workspaceId),
      UpdateExpression: `SET ${name} = :seen`,
      ConditionExpression: `attribute_exists(pk) AND ${kept === null ? `attribute_not_exists(${name})` : `${name} = :kept`}`,
      ExpressionAttributeValues: { ':seen': seen, ...(kept === null ? {} : { ':kept': kept }) },
    }),
  );
}
