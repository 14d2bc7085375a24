import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { invalidFields, notFound } from '../core/errors.ts';
import { parseBody } from '../core/input.ts';
import { isConditionFailure, partition, sort } from '../core/table.ts';
import { workspaceFromItem } from '../core/workspace.ts';
import { workspaceFieldsSchema } from '../core/workspace-fields.ts';

type Setting = [name: string, value: unknown];

/** Writes the named settings of a workspace that exists. @returns its whole item */
async function update(workspaceId: number, settings: Setting[]): Promise<Record<string, unknown>> {
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
    return Attributes ?? {};
  } catch (error) {
    if (isConditionFailure(error)) throw notFound();
    throw error;
  }
}

/** `PATCH /workspace/:id`: changes the settings sent; 200 with all of them. */
export const handler = api(async ({ workspaceId, body }) => {
  const fields = parseBody(workspaceFieldsSchema, body);
  const settings = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (settings.length === 0) {
    const names = Object.keys(workspaceFieldsSchema.shape).join(', ');
    throw invalidFields({ body: [`must hold at least one of ${names}`] });
  }
  return { status: 200, body: workspaceFromItem(await update(workspaceId, settings)) };
});
