import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { table, tableName } from './api.ts';
import { type Hook, hookId, readHooks, readStoredHooks } from './hook.ts';
import { isLink, sort } from './table.ts';
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

/** When the link that owns hooks is to be purged, read consistently; undefined for a link in use and for a workspace. */
async function purgeOf(owner: string): Promise<number | undefined> {
  if (!isLink(owner)) return undefined;
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: { pk: owner, sk: sort.link }, ConsistentRead: true }),
  );
  return Item?.purge_at;
}

/** Times that a link may come into the trash and out of it while a hook is written. */
const PURGE_LOOKS = 3;

/**
 * Has hooks that were just written end with a link in the trash. Its pointer is read after the hooks are written, and
 * trashing writes the pointer before it lists the hooks: one of the two always sees the other.
 */
async function endWithLink(owner: string, hooks: Hook[]): Promise<void> {
  let written: number | undefined;
  for (let look = 1; look <= PURGE_LOOKS; look++) {
    const purge_at = await purgeOf(owner);
    if (purge_at === written) return;
    for (const hook of hooks) await putHook(owner, hook, 'attribute_exists(pk)', purge_at);
    written = purge_at;
  }
}

function putHook(owner: string, hook: Hook, condition: string, purge_at?: number): Promise<boolean> {
  const end = purge_at === undefined ? {} : { purge_at };
  return writeIf(
    new PutCommand({
      TableName: tableName(),
      Item: { pk: owner, sk: sort.hook(hook.hook_id), ...hook, ...end },
      ConditionExpression: condition,
    }),
  );
}

const putNewHook = (owner: string, hook: Hook) => putHook(owner, hook, 'attribute_not_exists(pk)');

/**
 * Adds a hook, which ends with its link when that is in the trash.
 * @returns false when a request at the same instant has added the same one
 */
export async function addHook(owner: string, hook: Hook): Promise<boolean> {
  const added = await putNewHook(owner, hook);
  // Also when it was there: an SDK retry of our own write finds the hook that it has just written.
  await endWithLink(owner, [hook]);
  return added;
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
  const added = urls.filter((url) => !known.has(url)).map((url) => newHook(owner, url));
  for (const hook of added) await putNewHook(owner, hook);
  if (added.length > 0) await endWithLink(owner, added);
  for (const hook of before) if (!wanted.has(hook.url)) await removeHook(owner, hook);
}
