import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Hook } from '../hooks/hook.ts';
import { isConditionFailure, sort, type Table } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import type { PostOutcome } from './outcomes.ts';
import type { Subscriber } from './subscriber.ts';

/** The table that stores webhooks, and the end of the time for changing it. */
type From = { table: Table; tableName: string; abortSignal: AbortSignal };

const GONE = 410;

/** Whether a webhook asks not to be called again. Zapier and other REST hooks use this status. */
export function isGone(outcome: PostOutcome): boolean {
  return outcome.kind === 'failed' && outcome.status === GONE;
}

/**
 * Deletes a webhook if its item is still the one that was read. One that was added again since has another time.
 * @returns whether it was deleted
 */
async function removeUnchanged({ table, tableName, abortSignal }: From, owner: string, hook: Hook) {
  const { hook_id, created_at } = hook;
  try {
    await table.send(
      new DeleteCommand({
        TableName: tableName,
        Key: { pk: owner, sk: sort.hook(hook_id) },
        ConditionExpression: 'hook_id = :id AND created_at = :at',
        ExpressionAttributeValues: { ':id': hook_id, ':at': created_at },
      }),
      { abortSignal },
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

async function remove(from: From, { owner, url, stored }: Subscriber): Promise<void> {
  const about = { owner, host: new URL(url).host };
  try {
    const removed = await Promise.all(stored.map((hook) => removeUnchanged(from, owner, hook)));
    if (!removed.includes(true)) return;
    logger.info('A webhook answered 410 Gone. It is removed.', about);
    count('HookRemoved');
  } catch (error) {
    logger.error('A webhook answered 410 Gone and could not be removed.', {
      error: error as Error,
      ...about,
    });
    count('HookNotRemoved');
  }
}

/**
 * Removes webhooks that answered 410 Gone, in every stored spelling, unless they were deleted or added again since they
 * were read. One that cannot be removed stays until its next 410. Never throws.
 */
export async function removeGone(from: From, subscribers: Iterable<Subscriber>): Promise<void> {
  await Promise.all([...subscribers].map((one) => remove(from, one)));
}
