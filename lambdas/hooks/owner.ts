import type { ApiCall } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { readLink } from '../links/store.ts';
import { readOwner } from '../owner-list.ts';
import { partition } from '../table.ts';

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
  await readOwner(owner);
  return owner;
}
