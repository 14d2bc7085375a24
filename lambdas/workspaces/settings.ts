import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { notFound } from '../errors.ts';
import { hooksOf } from '../hooks/store.ts';
import { partition, sort, table, tableName } from '../table.ts';
import { type Workspace, workspaceFromItem } from './workspace.ts';

/**
 * A workspace's settings, read consistently.
 * @throws ClientError 404 when there is no such workspace
 */
export async function readSettings(workspaceId: number): Promise<Workspace> {
  const { Item } = await table.send(
    new GetCommand({
      TableName: tableName(),
      Key: { pk: partition.workspace(workspaceId), sk: sort.settings },
      ConsistentRead: true,
    }),
  );
  if (!Item) throw notFound();
  return workspaceFromItem(Item);
}

/** The settings as the API answers them, with the URLs of the workspace's webhooks. */
export async function settingsWithHooks(workspace: Workspace) {
  const hooks = await hooksOf(partition.workspace(workspace.id));
  return { ...workspace, webhooks: hooks.map(({ url }) => url) };
}
