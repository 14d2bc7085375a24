import { api } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { updateLink } from './store.ts';

/** `DELETE /workspace/:id/links/:id`: moves the link to the trash, where it keeps its slug. */
export const handler = api(async ({ workspaceId, path }) => {
  const link = await updateLink(workspaceId, parseId(path.link_id), () => ({
    deleted: true,
    enabled: false,
  }));
  return { status: 200, body: `Link ${link.id} is in the trash` };
});
