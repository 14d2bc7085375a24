import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from './api.ts';
import { storedHooksOf } from './hook-store.ts';
import type { Link } from './link.ts';
import { partition, sort } from './table.ts';
import { writeIf } from './write-if.ts';

/** A link is in the trash for 30 days; then DynamoDB removes it by its time to live, within a few days. */
const TRASH_SECONDS = 30 * 24 * 60 * 60;

/** When a link is to be purged: that long after it came into the trash, in seconds since 1970; null when it is not there. */
export function purgeAt(
  deleted: boolean,
  before: Pick<Link, 'deleted' | 'purge_at'> | null,
  nowEpochMs = Date.now(),
): number | null {
  if (!deleted) return null;
  return before?.purge_at ?? Math.floor(nowEpochMs / 1_000) + TRASH_SECONDS;
}

function setPurge(linkId: number, sk: string, purge_at: number | null): Promise<boolean> {
  // Counts that are missing are made: a click that is on its way when its link is trashed then adds to what ends with it.
  const mayBeMade = sk === sort.clicks && purge_at !== null;
  return writeIf(
    new UpdateCommand({
      TableName: tableName(),
      Key: { pk: partition.link(linkId), sk },
      UpdateExpression: purge_at === null ? 'REMOVE purge_at' : 'SET purge_at = :at',
      ...(mayBeMade ? {} : { ConditionExpression: 'attribute_exists(pk)' }),
      ...(purge_at === null ? {} : { ExpressionAttributeValues: { ':at': purge_at } }),
    }),
  );
}

/**
 * Has a link's pointer, counts and hooks purged together with it, or kept again. A crash in between is completed by
 * deleting or restoring the link again.
 */
export async function purgeBelongings({ id, purge_at }: Pick<Link, 'id' | 'purge_at'>): Promise<void> {
  // The pointer first: whoever writes a hook after they are listed here finds in it how long the hook is to stay.
  await setPurge(id, sort.link, purge_at);
  const hooks = await storedHooksOf(partition.link(id));
  const items = [sort.clicks, ...hooks.map(({ hook_id }) => sort.hook(hook_id))];
  await Promise.all(items.map((sk) => setPurge(id, sk, purge_at)));
}
