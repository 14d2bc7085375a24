import { ENV, requiredEnv } from '../env.ts';
import { readHooks } from '../hooks/store.ts';
import { partition } from '../table.ts';
import { readCountsOf } from './counts.ts';
import { type Link, publicLink } from './link.ts';
import { readLink } from './store.ts';

/** A link as the API answers it, with the URLs of its webhooks. */
export async function withHooks(link: Link) {
  const hooks = await readHooks(partition.link(link.id));
  return { ...publicLink(link, requiredEnv(ENV.baseUrl)), webhooks: hooks.map(({ url }) => url) };
}

/** A link with its webhooks and its counts, as the API answers it. @throws ClientError 404 */
export async function wholeLink(workspaceId: number, id: number) {
  const { link } = await readLink(workspaceId, id);
  const [{ webhooks, ...fields }, counts] = await Promise.all([withHooks(link), readCountsOf(id)]);
  return { ...fields, ...counts, webhooks };
}
