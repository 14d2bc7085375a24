import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { notFound } from '../core/errors.ts';
import { partition, sort } from '../core/table.ts';
import { workspaceFromItem } from '../core/workspace.ts';

/** `GET /workspace/:id`: the workspace with its settings. */
export const handler = api(async ({ workspaceId }) => {
  const { Item } = await table.send(
    new GetCommand({
      TableName: tableName(),
      Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
      ConsistentRead: true,
    }),
  );
  if (!Item) throw notFound();
  return { status: 200, body: workspaceFromItem(Item) };
});
