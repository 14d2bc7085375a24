import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ClientError, conflict, notFound } from '../errors.ts';
import { hashApiKey } from '../keys/key.ts';
import { addOwnKey } from '../keys/store.ts';
import { NUMBERS } from '../links/totals.ts';
import { changeOwner, untilWon } from '../owner-list.ts';
import { type Item, isConditionFailure, nextId, partition, sort, table, tableName } from '../table.ts';
import { LARGE_LINKS, type Workspace, workspaceFromItem } from './workspace.ts';

async function readItem(pk: string, sk: string): Promise<Item | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item;
}

/**
 * A workspace's settings, read consistently.
 * @throws ClientError 404 when the workspace does not exist
 */
export async function readWorkspace(workspaceId: number): Promise<Workspace> {
  const item = await readItem(partition.workspace(workspaceId), sort.settings);
  if (!item) throw notFound();
  return workspaceFromItem(item);
}

/**
 * Writes the named settings of a workspace that exists.
 * @returns all settings
 * @throws ClientError 404 when the workspace does not exist
 */
export async function updateWorkspace(
  workspaceId: number,
  settings: Record<string, unknown>,
): Promise<Workspace> {
  const names = Object.keys(settings);
  try {
    const { Attributes } = await table.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, settings[name]])),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return workspaceFromItem(Attributes ?? {});
  } catch (error) {
    if (isConditionFailure(error)) throw notFound();
    throw error;
  }
}

/** Writes an additional key of a workspace that exists. @returns false when another write came first */
async function addKeyTo(workspaceId: number, key: string): Promise<boolean> {
  const owner = partition.workspace(workspaceId);
  const settings = await readItem(owner, sort.settings);
  if (settings) return addOwnKey(workspaceId, key, changeOwner(owner, settings));
  const sentence = `Workspace ${workspaceId} does not exist. Leave workspace_id out to create a workspace.`;
  throw new ClientError(404, 'not_found', sentence);
}

/** Writes a new workspace with its first key. @returns false when the key was taken in the meantime */
function addWorkspace(id: number, name: string, key: string): Promise<boolean> {
  const numbers = { [NUMBERS.inUse]: 0, [NUMBERS.inTrash]: 0, [LARGE_LINKS]: false };
  const item = { pk: partition.workspace(id), sk: sort.settings, id, name, ...numbers };
  return addOwnKey(id, key, {
    Put: {
      Item: { ...item, inserted_at: new Date().toISOString() },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });
}

/**
 * Creates a workspace with a key, or with `workspaceId` adds the key to that one. If the key exists already, nothing
 * changes.
 * @returns the id of the key's workspace
 * @throws ClientError 404 (no such workspace), 409 (the key belongs to another one)
 */
export function openWorkspace(key: string, name: string, workspaceId?: number): Promise<number> {
  return untilWon(async () => {
    const known = await readItem(partition.key(hashApiKey(key)), sort.key);
    if (known && workspaceId !== undefined && workspaceId !== known.workspace_id) {
      throw conflict('This key belongs to another workspace. Choose another key.');
    }
    if (known) return known.workspace_id;
    if (workspaceId !== undefined) return (await addKeyTo(workspaceId, key)) ? workspaceId : undefined;
    const id = await nextId('WORKSPACE');
    return (await addWorkspace(id, name, key)) ? id : undefined;
  });
}
