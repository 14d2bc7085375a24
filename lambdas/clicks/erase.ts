import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { type Item, partition } from '../table.ts';
import { DAY_MS } from './columns.ts';
import { type Budget, clicksTable, queryPage, shardsOf } from './log.ts';
import { MAX_RETENTION_DAYS } from './log-entry.ts';
import { countErasure } from './summaries.ts';

/** How many partitions are searched at once. */
const limit = pLimit(8);
/** BatchWriteItem's limit. */
const BATCH = 25;
/** How often DynamoDB may leave items of a batch unwritten before the erasure fails. */
const TRIES = 8;

async function deleteBatch(keys: Item[]): Promise<void> {
  const { client, TableName } = clicksTable();
  let left = keys.map((Key) => ({ DeleteRequest: { Key } }));
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES) throw new Error(`${left.length} items of the clicks table could not be deleted`);
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** tries));
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [TableName]: left } }),
    );
    left = (UnprocessedItems?.[TableName] ?? []) as typeof left;
  }
}

type Query = Omit<Parameters<typeof queryPage>[0], 'ProjectionExpression'>;

/** Deletes the items that a query finds. @returns how many, and whether that was all before the budget was spent */
async function deleteFound(query: Query, budget: Budget): Promise<{ deleted: number; complete: boolean }> {
  let deleted = 0;
  let ExclusiveStartKey: Item | undefined;
  do {
    if (budget.isSpent) return { deleted, complete: false };
    const page = await queryPage({ ...query, ProjectionExpression: 'pk, sk', ExclusiveStartKey }, budget);
    for (let start = 0; start < page.items.length; start += BATCH) {
      const keys = page.items.slice(start, start + BATCH);
      await deleteBatch(keys);
      deleted += keys.length;
    }
    ExclusiveStartKey = page.next;
  } while (ExclusiveStartKey);
  return { deleted, complete: true };
}

/** Deletes all summaries of a workspace's days. Reports make new ones from the clicks that are left. */
const deleteSummaries = (workspaceId: number, budget: Budget) =>
  deleteFound(
    {
      KeyConditionExpression: 'pk = :pk AND sk < :digits',
      // Days begin with a digit, and `:` is after the digits.
      ExpressionAttributeValues: { ':pk': partition.days(workspaceId), ':digits': ':' },
    },
    budget,
  );

/** An erasure: how many clicks are deleted, and whether those are all. */
export type Erasure = { deleted: number; complete: boolean };

/**
 * Deletes the recorded clicks of a link, and the summaries that contain them. Clicks that are still in the queue are
 * recorded afterwards. It can be repeated.
 */
export async function eraseClicks(workspaceId: number, linkId: number, budget: Budget): Promise<Erasure> {
  // Counted before and after, so that no summary is valid that was made from clicks of which some were deleted.
  await countErasure(workspaceId);
  const now = Date.now();
  const range = { fromMs: now - MAX_RETENTION_DAYS * DAY_MS, toMs: now + DAY_MS };
  const shards = shardsOf(workspaceId, range).map(({ partition: pk }) =>
    limit(() =>
      deleteFound(
        {
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'link_id = :link',
          ExpressionAttributeValues: { ':pk': pk, ':link': linkId },
        },
        budget,
      ),
    ),
  );
  const found = await Promise.all(shards);
  await countErasure(workspaceId);
  const summaries = await deleteSummaries(workspaceId, budget);
  return {
    deleted: found.reduce((sum, { deleted }) => sum + deleted, 0),
    complete: summaries.complete && found.every(({ complete }) => complete),
  };
}
