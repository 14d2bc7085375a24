import { setTimeout as delay } from 'node:timers/promises';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { conflict, notFound } from './errors.ts';
import { type Item, isLink, sort, table, tableName } from './table.ts';
import { asRead, type Operation } from './transaction.ts';

// Links and workspaces own lists with a limit: webhooks, keys, domains. The owner's own item counts the changes of its
// lists as `version`. To add to a list, read the version, then the list, and write only if the version is still the
// same. This keeps the limit exact, and no two changes start from the same list. Older items have no version, which
// counts as a version too.

/** The owner's own item: the location of a link, or the settings of a workspace. */
const ownerKey = (owner: string) => ({ pk: owner, sk: isLink(owner) ? sort.link : sort.settings });

/** The owner's own item, read consistently. @throws ClientError 404 when it is missing */
export async function readOwner(owner: string): Promise<Item> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: ownerKey(owner), ConsistentRead: true }),
  );
  if (!Item) throw notFound();
  return Item;
}

/**
 * Counts a change of one of an owner's lists, on condition that the owner has not changed since its item was read.
 * @param set attributes of the owner to change as well; undefined ones are removed
 */
export function changeOwner(owner: string, read: Item, set: Item = {}): Operation {
  const { condition, values } = asRead(read, 'version');
  const sets = Object.entries({ ...set, version: (read.version ?? 0) + 1 });
  const kept = sets.filter(([, value]) => value !== undefined);
  const removed = sets.filter(([, value]) => value === undefined);
  return {
    Update: {
      Key: ownerKey(owner),
      UpdateExpression:
        `SET ${kept.map(([name]) => `#${name} = :${name}`).join(', ')}` +
        (removed.length > 0 ? ` REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}` : ''),
      ConditionExpression: `attribute_exists(pk) AND ${condition}`,
      ExpressionAttributeNames: Object.fromEntries(sets.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...values,
        ...Object.fromEntries(kept.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/** More than the number of requests that may add to one list at once. Each round lets one of them through. */
const ROUNDS = 40;
const LONGEST_PAUSE_MS = 100;

/**
 * Retries a change of a list until it wins the race.
 * @param change reads the list, writes, and returns undefined when it lost
 * @throws ClientError 409 when it lost every time
 */
export async function untilWon<T>(change: () => Promise<T | undefined>): Promise<T> {
  for (let round = 1; round <= ROUNDS; round++) {
    const done = await change();
    if (done !== undefined) return done;
    await delay(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * round));
  }
  throw conflict('Other requests keep changing this list. Read it again and repeat your change.');
}
