import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { generateApiKey, hashApiKey } from '../core/api-key.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { ClientError, conflict } from '../core/errors.ts';
import { id } from '../core/fields.ts';
import { parseBody } from '../core/input.ts';
import { addKey } from '../core/key-store.ts';
import { nextId } from '../core/next-id.ts';
import { isConditionFailure, partition, sort, tableClient } from '../core/table.ts';
import { LARGE_LINKS } from '../core/workspace.ts';

const table = tableClient();
const tableName = () => requiredEnv(ENV.tableName);

// Refuse unknown options: a key that should have fewer rights would otherwise have all of them.
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

async function create(request: unknown): Promise<CreatedWorkspace> {
  const { name, key: ownKey, workspace_id } = parseBody(requestSchema, request ?? {});
  const key = ownKey ?? generateApiKey();
  const known = ownKey ? await readItem(partition.key(hashApiKey(ownKey)), sort.key) : undefined;
  if (known) {
    if (workspace_id === undefined || workspace_id === known.workspace_id)
      return { id: known.workspace_id, key };
    throw conflict('This key belongs to another workspace: choose another key');
  }
  if (workspace_id !== undefined) {
    if (!(await readItem(partition.workspace(workspace_id), sort.settings))) {
      throw new ClientError(
        404,
        'not_found',
        `There is no workspace ${workspace_id}: leave workspace_id out to create one`,
      );
    }
    await addKey(table, tableName(), workspace_id, key);
    return { id: workspace_id, key };
  }
  const newId = await nextId(table, tableName(), 'WORKSPACE');
  await table.send(
    new PutCommand({
      TableName: tableName(),
      Item: {
        pk: partition.workspace(newId),
        sk: sort.settings,
        id: newId,
        name,
        inserted_at: new Date().toISOString(),
        link_count: 0,
        trash_count: 0,
        [LARGE_LINKS]: false,
      },
    }),
  );
  await addKey(table, tableName(), newId, key);
  return { id: newId, key };
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
    if (isConditionFailure(error))
      return { error: 'This key was taken a moment ago: choose another', code: 'conflict' };
    throw error;
  }
}
