import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import { conflict } from '../errors.ts';
import { changeOwner, readOwner, untilWon } from '../owner-list.ts';
import { type Item, partition, sort, type Table, table, tableName, writeIf } from '../table.ts';
import { type Operations, transact } from '../transaction.ts';
import { distinctHooks, type Hook, hookId, hookUrl, MAX_HOOKS_PER_OWNER } from './hook.ts';

/** The table to read and its name. Deliver has its own client. */
type From = { table: Table; tableName: string; abortSignal?: AbortSignal };

/**
 * The webhooks of an owner, oldest first, each URL once. The read is consistent, so that a webhook that was just
 * removed gets no click.
 */
export async function readHooks(owner: string, from?: From): Promise<Hook[]> {
  return distinctHooks(await readStoredHooks(owner, from));
}

/** Every stored webhook of an owner, including several spellings of one URL that older versions stored. */
export async function readStoredHooks(
  owner: string,
  from: From = { table, tableName: tableName() },
): Promise<Hook[]> {
  const { abortSignal } = from;
  const hooks: Hook[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await from.table.send(
      new QueryCommand({
        TableName: from.tableName,
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

const hookKey = (owner: string, { hook_id }: Hook) => ({ pk: owner, sk: sort.hook(hook_id) });

/** A new webhook of an owner. `url` is normalised. */
function newHook(owner: string, url: string): Hook {
  return { hook_id: hookId(owner, url), url, created_at: new Date().toISOString() };
}

/** Writes a webhook that does not exist yet. If its link is in the trash, it is purged with the link. */
function putHook(owner: string, hook: Hook, purge_at: number | null | undefined) {
  const end = purge_at == null ? {} : { purge_at };
  return {
    Put: {
      Item: { ...hookKey(owner, hook), ...hook, ...end },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Sets when an item is purged with its link in the trash. Null keeps it. */
export function setPurge(Key: Item, purge_at: number | null, condition?: string) {
  return {
    Update: {
      Key,
      UpdateExpression: purge_at === null ? 'REMOVE purge_at' : 'SET purge_at = :at',
      ...(condition ? { ConditionExpression: condition } : {}),
      ...(purge_at === null ? {} : { ExpressionAttributeValues: { ':at': purge_at } }),
    },
  };
}

/**
 * Operations that make exactly these URLs the webhooks of an owner. They write only the difference, so that a webhook
 * that stays misses no click.
 * @param stored the current webhooks of the owner; with `urls` undefined they stay
 * @param end when they are purged, and whether that changes for those that stay
 */
export function writeHooks(
  owner: string,
  stored: Hook[],
  urls: string[] | undefined,
  end: { purge_at?: number | null; changes?: boolean } = {},
): Operations {
  const { purge_at, changes = false } = end;
  const wanted = new Set(urls ?? stored.map(({ url }) => url));
  const known = new Set(stored.map(({ url }) => url));
  const added = [...wanted].filter((url) => !known.has(url)).map((url) => newHook(owner, url));
  const kept = stored.filter(({ url }) => wanted.has(url));
  const removed = stored.filter(({ url }) => !wanted.has(url));
  const named = (hook: Hook) => `hook ${hook.hook_id}`;
  return Object.fromEntries([
    ...added.map((hook) => [named(hook), putHook(owner, hook, purge_at)]),
    ...removed.map((hook) => [named(hook), { Delete: { Key: hookKey(owner, hook) } }]),
    ...(changes ? kept : []).map((hook) => [
      named(hook),
      setPurge(hookKey(owner, hook), purge_at ?? null, 'attribute_exists(pk)'),
    ]),
  ]);
}

/**
 * Adds a webhook, unless the owner already has this URL in any spelling.
 * @throws ClientError 404 (no such owner), 409 (limit reached)
 */
export function addHook(owner: string, url: string): Promise<{ hook: Hook; added: boolean }> {
  return untilWon(async () => {
    const read = await readOwner(owner);
    const hooks = distinctHooks(await readStoredHooks(owner));
    const known = hooks.find((hook) => hookUrl(hook.url) === url);
    if (known) return { hook: known, added: false };
    if (hooks.length >= MAX_HOOKS_PER_OWNER) {
      throw conflict(`This list has ${MAX_HOOKS_PER_OWNER} webhooks, which is the limit. Delete one first.`);
    }
    const hook = newHook(owner, url);
    const refused = await transact({
      owner: changeOwner(owner, read),
      hook: putHook(owner, hook, read.purge_at),
    });
    return refused.size === 0 ? { hook, added: true } : undefined;
  });
}

/** Deletes webhooks. They receive no more clicks. */
export async function removeHooks(owner: string, hooks: Hook[]): Promise<void> {
  await transact(
    Object.fromEntries(hooks.map((hook) => [hook.hook_id, { Delete: { Key: hookKey(owner, hook) } }])),
  );
}

/**
 * Makes exactly these URLs the webhooks of an owner, and changes fields of the owner's item in the same transaction.
 * @throws ClientError 404 when the owner does not exist
 */
export async function replaceHooks(owner: string, urls: string[], fields: Item = {}): Promise<void> {
  await untilWon(async () => {
    const read = await readOwner(owner);
    const hooks = writeHooks(owner, await readStoredHooks(owner), urls, { purge_at: read.purge_at });
    const refused = await transact({ owner: changeOwner(owner, read, fields), ...hooks });
    return refused.size === 0 || undefined;
  });
}

const INTERVAL_MS = 1_000;
/** How long the time of the last test is stored. */
const TTL_SECONDS = 60 * 60;

/**
 * Records that an owner's webhooks are tested now, or that a workspace checks one.
 * @returns false when the last time was less than a second ago
 */
export function recordTest(owner: string, kind: 'test' | 'check'): Promise<boolean> {
  const now = Date.now();
  return writeIf(
    new UpdateCommand({
      TableName: requiredEnv(ENV.clicksTableName),
      Key: { pk: partition.tests(owner), sk: sort[kind] },
      UpdateExpression: 'SET tested_at = :now, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(tested_at) OR tested_at <= :before',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':now': now,
        ':before': now - INTERVAL_MS,
        ':ttl': Math.floor(now / 1_000) + TTL_SECONDS,
      },
    }),
  );
}
