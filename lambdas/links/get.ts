import { api, table, tableName } from '../core/api.ts';
import { ENV, requiredEnv } from '../core/env.ts';
import { readHooks } from '../core/hook.ts';
import { parseId } from '../core/input.ts';
import { publicLink } from '../core/link.ts';
import { readLink } from '../core/link-store.ts';
import { partition } from '../core/table.ts';

/** `GET /link/:id` and `GET /get_link/:id`: the link with its webhooks' URLs. */
export const handler = api(async ({ workspaceId, path }) => {
  const { link } = await readLink(workspaceId, parseId(path.link_id));
  const hooks = await readHooks(table, tableName(), partition.link(link.id));
  const webhooks = hooks.map((hook) => hook.url);
  return { status: 200, body: { ...publicLink(link, requiredEnv(ENV.baseUrl)), webhooks } };
});
