import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type ApiCall, table, tableName } from '../core/api.ts';
import { notFound } from '../core/errors.ts';
import { parseId } from '../core/input.ts';
import { readLink } from '../core/link-store.ts';
import { partition, sort } from '../core/table.ts';

/**
 * Whose hooks a call is about: the partition key of the link or the workspace in its path.
 * @throws ClientError 404 when that is missing or another workspace's
 */
export async function hookOwner(call: ApiCall): Promise<string> {
  if (call.path.link_id !== undefined) {
    const { link } = await readLink(call.workspaceId, parseId(call.path.link_id));
    return partition.link(link.id);
  }
  const owner = partition.workspace(call.workspaceId);
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: { pk: owner, sk: sort.settings }, ConsistentRead: true }),
  );
  if (!Item) throw notFound();
  return owner;
}
