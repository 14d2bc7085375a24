import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { partition, sort } from '../core/table.ts';
import { publicWorkspace, type Workspace } from '../core/workspace.ts';

/** `GET /workspaces`: those the key sees, which is its own. */
export const handler = api(async ({ workspaceId }) => {
  const { Item } = await table.send(
    new GetCommand({
      TableName: tableName(),
      Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
      ConsistentRead: true,
    }),
  );
  return { status: 200, body: Item ? [publicWorkspace(Item as Workspace)] : [] };
});
