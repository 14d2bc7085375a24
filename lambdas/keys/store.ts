import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { conflict, unauthorized } from '../errors.ts';
import { changeOwner, readOwner, untilWon } from '../owner-list.ts';
import { partition, sort, table, tableName } from '../table.ts';
import { type Operation, transact } from '../transaction.ts';
import { generateApiKey, hashApiKey, type KeyListing, MAX_KEYS_PER_WORKSPACE, prefixOf } from './key.ts';

const keyItem = (sha256: string) => ({ pk: partition.key(sha256), sk: sort.key });
const listingItem = (workspaceId: number, prefix: string) => ({
  pk: partition.workspace(workspaceId),
  sk: sort.keyListing(prefix),
});

/** Writes a new key together with its listing, so that every valid key can be listed and revoked. */
function putKey(workspaceId: number, key: string) {
  const sha256 = hashApiKey(key);
  const listing: KeyListing = { prefix: prefixOf(key, sha256), created_at: new Date().toISOString(), sha256 };
  const { prefix, created_at } = listing;
  const operations = {
    listing: { Put: { Item: { ...listingItem(workspaceId, prefix), created_at, sha256 } } },
    key: {
      Put: {
        Item: { ...keyItem(sha256), workspace_id: workspaceId, created_at },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  };
  return { listing, operations };
}

/**
 * Adds a generated key to a workspace.
 * @returns the key, which is not stored, and its listing
 * @throws ClientError 409 when the workspace has reached its limit
 */
export function addKey(workspaceId: number): Promise<KeyListing & { key: string }> {
  const owner = partition.workspace(workspaceId);
  return untilWon(async () => {
    const read = await readOwner(owner);
    if ((await listKeys(workspaceId)).length >= MAX_KEYS_PER_WORKSPACE) {
      throw conflict(
        `This workspace has ${MAX_KEYS_PER_WORKSPACE} keys, which is the limit. Revoke one first.`,
      );
    }
    const key = generateApiKey();
    const { listing, operations } = putKey(workspaceId, key);
    const refused = await transact({ owner: changeOwner(owner, read), ...operations });
    return refused.size === 0 ? { key, ...listing } : undefined;
  });
}

/**
 * Adds a key that the operator has chosen, together with the operation on `owner`. The limit of a workspace does not
 * apply.
 * @returns false when the key exists already, or the owner's condition did not hold
 */
export async function addOwnKey(workspaceId: number, key: string, owner: Operation): Promise<boolean> {
  return (await transact({ owner, ...putKey(workspaceId, key).operations })).size === 0;
}

/** The keys of a workspace, oldest first, read consistently. */
export async function listKeys(workspaceId: number): Promise<KeyListing[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: tableName(),
      KeyConditionExpression: 'pk = :owner AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: {
        ':owner': partition.workspace(workspaceId),
        ':prefix': sort.keyListingPrefix,
      },
      ConsistentRead: true,
    }),
  );
  const keys = Items.map(({ sk, created_at, sha256 }) => ({
    prefix: String(sk).slice(sort.keyListingPrefix.length),
    created_at,
    sha256,
  }));
  return keys.sort((a, b) => (a.created_at + a.prefix < b.created_at + b.prefix ? -1 : 1));
}

/**
 * Revokes a key, on condition that the revoking key is still valid. If two keys revoke each other at the same time, one
 * stays.
 * @throws ClientError 401 when the revoking key is not valid any more
 */
export async function removeKey(
  workspaceId: number,
  { prefix, sha256 }: KeyListing,
  callerSha256: string,
): Promise<void> {
  const refused = await transact({
    caller: {
      ConditionCheck: { Key: keyItem(callerSha256), ConditionExpression: 'attribute_exists(pk)' },
    },
    key: { Delete: { Key: keyItem(sha256) } },
    listing: { Delete: { Key: listingItem(workspaceId, prefix) } },
  });
  if (refused.has('caller')) throw unauthorized();
}
