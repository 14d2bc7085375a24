import { api } from '../api/api.ts';
import { parseId } from '../api/input.ts';
import { withHooks } from './save-link.ts';
import { readLink } from './store.ts';

/** `GET /link/:id` and `GET /get_link/:id`: the link with its webhooks' URLs. */
export const handler = api(async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  return { status: 200, body: await withHooks(link) };
});
