import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { conflict } from '../errors.ts';
import { partition, sort, type Table, table, tableName, writeIf } from '../table.ts';
import { type SigningSecret, withoutExpired } from './signing-secret.ts';

/**
 * The key of a workspace's secret. It has a partition of its own, so that permissions can separate it from the
 * settings.
 */
const secretKey = (workspaceId: number) => ({ pk: partition.secrets(workspaceId), sk: sort.secrets });

/**
 * A workspace's signing secret, read consistently; null when it has none.
 * @param from the table to read and its name; deliver has its own client
 */
export async function readSigningSecret(
  workspaceId: number,
  from: { table: Table; tableName: string; abortSignal?: AbortSignal } = { table, tableName: tableName() },
): Promise<SigningSecret | null> {
  const { abortSignal } = from;
  const { Item } = await from.table.send(
    new GetCommand({ TableName: from.tableName, Key: secretKey(workspaceId), ConsistentRead: true }),
    abortSignal ? { abortSignal } : {},
  );
  if (!Item) return null;
  return withoutExpired({ secret: Item.secret, created_at: Item.created_at, previous: Item.previous });
}

/**
 * Replaces the secret that was read. If the SDK retries our own write, it finds the secret already written.
 * @throws ClientError 409 when another secret was written in the meantime
 */
export async function replaceSigningSecret(
  workspaceId: number,
  before: SigningSecret | null,
  next: SigningSecret,
): Promise<void> {
  const unchanged = before ? 'secret = :before' : 'attribute_not_exists(pk)';
  const written = await writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { ...secretKey(workspaceId), ...next },
      ConditionExpression: `${unchanged} OR secret = :next`,
      ExpressionAttributeValues: { ':next': next.secret, ...(before ? { ':before': before.secret } : {}) },
    }),
  );
  if (!written)
    throw conflict('The signing secret was changed by another request at the same time. Read it again.');
}

/** Deletes a workspace's secret. */
export async function removeSigningSecret(workspaceId: number): Promise<void> {
  await table.send(new DeleteCommand({ TableName: tableName(), Key: secretKey(workspaceId) }));
}
