import { api } from '../core/api.ts';
import { parseId } from '../core/input.ts';
import { readLink } from '../core/link-store.ts';
import { withHooks } from './save-link.ts';

/** `GET /link/:id` and `GET /get_link/:id`: the link with its webhooks' URLs. */
export const handler = api(async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  return { status: 200, body: await withHooks(link) };
});
