import { createHash } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { sort, type Table } from '../table.ts';
import { distinctHooks, hookUrl } from './hook-url.ts';

/** A webhook of an owner (a link or a workspace, named by its partition key). */
export type Hook = { hook_id: string; url: string; created_at: string };

/** The opaque id of a hook: the same owner and URL, however it is spelt, always give the same one. */
export function hookId(owner: string, url: string): string {
  return createHash('sha256')
    .update(`${owner}\n${hookUrl(url)}`)
    .digest('hex')
    .slice(0, 32);
}

/** The hook as the API answers it; existing clients expect the URL as `id`. */
export function publicHook(hook: Hook) {
  return { id: hook.url, hook_id: hook.hook_id, url: hook.url, created_at: hook.created_at };
}

/** The hooks of an owner, oldest first, each URL once, read consistently: a hook just removed gets no more clicks. */
export async function readHooks(...read: Parameters<typeof readStoredHooks>): Promise<Hook[]> {
  return distinctHooks(await readStoredHooks(...read));
}

/** Every stored hook of an owner: those of one URL in several spellings too, from before there was one spelling. */
export async function readStoredHooks(
  table: Table,
  tableName: string,
  owner: string,
  abortSignal?: AbortSignal,
): Promise<Hook[]> {
  const hooks: Hook[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :owner AND begins_with(sk, :hook)',
        ExpressionAttributeValues: { ':owner': owner, ':hook': sort.hookPrefix },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
      abortSignal ? { abortSignal } : {},
    );
    for (const item of page.Items ?? []) {
      hooks.push({ hook_id: item.hook_id, url: item.url, created_at: item.created_at });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return hooks.sort((a, b) => (a.created_at + a.url < b.created_at + b.url ? -1 : 1));
}
