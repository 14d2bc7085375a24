import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { hashApiKey } from './api-key.ts';
import { partition, sort } from './table.ts';

/** A key as a workspace's list has it. `prefix` names it: some first characters of it and of its hash. */
export type KeyListing = { prefix: string; created_at: string; sha256: string };

/** Most keys of one workspace. Two requests at the same instant may overshoot it by one. */
export const MAX_KEYS_PER_WORKSPACE = 25;

const SHOWN_CHARACTERS = 8;

/** A key's own first characters, never more than half of it, and eight of its hash, which tell keys apart. */
function prefixOf(key: string, sha256: string): string {
  const shown = Math.min(SHOWN_CHARACTERS, Math.floor(key.length / 2));
  return key.slice(0, shown) + sha256.slice(0, SHOWN_CHARACTERS);
}

/** Writes the listing, then the key itself: a key that opens something can always be listed and revoked. */
export async function addKey(
  table: DynamoDBDocumentClient,
  TableName: string,
  workspaceId: number,
  key: string,
): Promise<KeyListing> {
  const sha256 = hashApiKey(key);
  const listing = { prefix: prefixOf(key, sha256), created_at: new Date().toISOString(), sha256 };
  const { prefix, created_at } = listing;
  const place = { pk: partition.workspace(workspaceId), sk: sort.keyListing(prefix) };
  await table.send(new PutCommand({ TableName, Item: { ...place, created_at, sha256 } }));
  await table.send(
    new PutCommand({
      TableName,
      Item: { pk: partition.key(sha256), sk: sort.key, workspace_id: workspaceId, created_at },
      ConditionExpression: 'attribute_not_exists(pk) OR workspace_id = :workspace',
      ExpressionAttributeValues: { ':workspace': workspaceId },
    }),
  );
  return listing;
}

/** The keys of a workspace, oldest first, read consistently. */
export async function listKeys(
  table: DynamoDBDocumentClient,
  TableName: string,
  workspaceId: number,
): Promise<KeyListing[]> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName,
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

/** Removes the key, then its listing: a crash in between leaves a listing that opens nothing and can be revoked again. */
export async function removeKey(
  table: DynamoDBDocumentClient,
  TableName: string,
  workspaceId: number,
  { prefix, sha256 }: KeyListing,
): Promise<void> {
  const key = { pk: partition.key(sha256), sk: sort.key };
  const listing = { pk: partition.workspace(workspaceId), sk: sort.keyListing(prefix) };
  for (const Key of [key, listing]) await table.send(new DeleteCommand({ TableName, Key }));
}
