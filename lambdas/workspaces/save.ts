import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { api } from '../api/api.ts';
import { parseBody } from '../api/input.ts';
import { invalidFields, notFound } from '../errors.ts';
import { checkHookLines } from '../hooks/hook-list.ts';
import { replaceHooks } from '../hooks/store.ts';
import { isConditionFailure, partition, sort, table, tableName } from '../table.ts';
import { workspaceFieldsSchema } from './fields.ts';
import { readSettings, settingsWithHooks } from './settings.ts';
import { type Workspace, workspaceFromItem } from './workspace.ts';

type Setting = [name: string, value: unknown];

/** Writes the named settings of a workspace that exists. @returns all of them */
async function update(workspaceId: number, settings: Setting[]): Promise<Workspace> {
  try {
    const { Attributes } = await table.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
        UpdateExpression: `SET ${settings.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: Object.fromEntries(settings.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(settings.map(([name, value]) => [`:${name}`, value])),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return workspaceFromItem(Attributes ?? {});
  } catch (error) {
    if (isConditionFailure(error)) throw notFound();
    throw error;
  }
}

/** `PATCH /workspace/:id`: changes the settings sent, of which `webhooks` replaces the list; 200 with all of them. */
export const handler = api(async ({ workspaceId, body }) => {
  const { webhooks, ...fields } = parseBody(workspaceFieldsSchema, body);
  if (Object.keys(fields).length === 0 && webhooks === undefined) {
    const names = Object.keys(workspaceFieldsSchema.shape).join(', ');
    throw invalidFields({ body: [`must hold at least one of ${names}`] });
  }
  // A flag that is null or blank stays as it is.
  const settings = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (webhooks) {
    const urls = await checkHookLines(webhooks);
    await replaceHooks(partition.workspace(workspaceId), urls, Object.fromEntries(settings));
  }
  const isWritten = webhooks !== undefined || settings.length === 0;
  const workspace = isWritten ? await readSettings(workspaceId) : await update(workspaceId, settings);
  return { status: 200, body: await settingsWithHooks(workspace) };
});
