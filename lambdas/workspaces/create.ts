import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { generateApiKey, hashApiKey } from '../api/authentication.ts';
import { id } from '../api/fields.ts';
import { parseBody } from '../api/input.ts';
import { ClientError, conflict } from '../errors.ts';
import { addOwnKey } from '../keys/store.ts';
import { NUMBERS } from '../links/totals.ts';
import { changeOwner, untilWon } from '../owner-list.ts';
import { nextId, partition, sort, table, tableName } from '../table.ts';
import { LARGE_LINKS } from './workspace.ts';

// What is not known is refused: a key that was to have fewer rights would have them all.
const requestSchema = z.strictObject({
  name: z
    .string('must be a text')
    .trim()
    .min(1, 'must not be blank')
    .max(255, 'must be at most 255 characters')
    .default('My workspace'),
  key: z
    .string('must be a text')
    .regex(/^[\w-]{8,128}$/, 'must be 8 to 128 letters, digits, - or _')
    .optional(),
  workspace_id: id('a workspace').optional(),
});

/** What `aws lambda invoke` prints: the id and the key, once; or what to change. */
export type CreatedWorkspace = { id: number; key: string } | { error: string; code: string };

async function readItem(pk: string, sk: string) {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item;
}

/** Writes a further key of a workspace that exists. @returns false when another write came first */
async function addTo(workspaceId: number, key: string): Promise<boolean> {
  const owner = partition.workspace(workspaceId);
  const settings = await readItem(owner, sort.settings);
  if (settings) return addOwnKey(workspaceId, key, changeOwner(owner, settings));
  const sentence = `There is no workspace ${workspaceId}: leave workspace_id out to create one`;
  throw new ClientError(404, 'not_found', sentence);
}

/** Writes a new workspace with its first key. @returns false when the key was taken meanwhile */
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

async function create(request: unknown): Promise<CreatedWorkspace> {
  const { name, key: ownKey, workspace_id } = parseBody(requestSchema, request ?? {});
  const key = ownKey ?? generateApiKey();
  return untilWon(async () => {
    const known = ownKey ? await readItem(partition.key(hashApiKey(ownKey)), sort.key) : undefined;
    if (known && workspace_id !== undefined && workspace_id !== known.workspace_id) {
      throw conflict('This key belongs to another workspace: choose another key');
    }
    if (known) return { id: known.workspace_id, key };
    if (workspace_id !== undefined) {
      return (await addTo(workspace_id, key)) ? { id: workspace_id, key } : undefined;
    }
    const newId = await nextId('WORKSPACE');
    return (await addWorkspace(newId, name, key)) ? { id: newId, key } : undefined;
  });
}

/**
 * Creates a workspace, or with `workspace_id` makes a further key for one. Only IAM can invoke it;
 * there is no route to it. The key is answered here and never again. Repeating a call with the
 * same own key changes nothing.
 */
export async function handler(request: unknown): Promise<CreatedWorkspace> {
  try {
    return await create(request);
  } catch (error) {
    if (error instanceof ClientError) return { error: error.message, code: error.code };
    throw error;
  }
}
