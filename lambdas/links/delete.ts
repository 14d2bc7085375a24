import { api } from '../core/api.ts';
import { parseId } from '../core/input.ts';
import { updateLink } from '../core/link-store.ts';

/** `DELETE /workspace/:id/links/:id`: moves the link to the trash, where it keeps its slug. */
export const handler = api(async ({ workspaceId, path }) => {
  const link = await updateLink(workspaceId, parseId(path.link_id), () => ({
    deleted: true,
    enabled: false,
  }));
  return { status: 200, body: `Moved link ${link.id} to the trash.` };
});
