import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import { type Hook, hookId, readHooks, readStoredHooks } from './hook.ts';
import { sort } from './table.ts';
import { writeIf } from './write-if.ts';

/** The hooks of an owner, oldest first, each URL once. */
export function hooksOf(owner: string): Promise<Hook[]> {
  return readHooks(table, tableName(), owner);
}

/** All that is stored of an owner's hooks: what has to be removed, replaced or purged. */
export function storedHooksOf(owner: string): Promise<Hook[]> {
  return readStoredHooks(table, tableName(), owner);
}

/** A hook of an owner that begins now. `url` is normalised. */
export function newHook(owner: string, url: string): Hook {
  return { hook_id: hookId(owner, url), url, created_at: new Date().toISOString() };
}

/** Adds a hook. @returns false when a request at the same instant has added the same one */
export function addHook(owner: string, hook: Hook): Promise<boolean> {
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { pk: owner, sk: sort.hook(hook.hook_id), ...hook },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
}

/** Removes a hook: it gets no more clicks. */
export async function removeHook(owner: string, hook: Hook): Promise<void> {
  await table.send(
    new DeleteCommand({ TableName: tableName(), Key: { pk: owner, sk: sort.hook(hook.hook_id) } }),
  );
}

/**
 * Makes these URLs, and no others, the hooks of an owner. Only the difference is written, additions first, so that
 * one that stays misses no click and a crash in between is completed by saving again.
 */
export async function replaceHooks(owner: string, urls: string[]): Promise<void> {
  const before = await storedHooksOf(owner);
  const wanted = new Set(urls);
  const known = new Set(before.map(({ url }) => url));
  for (const url of urls) if (!known.has(url)) await addHook(owner, newHook(owner, url));
  for (const hook of before) if (!wanted.has(hook.url)) await removeHook(owner, hook);
}
