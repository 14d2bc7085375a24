import { api } from '../api/api.ts';
import { conflict } from '../errors.ts';
import { readWholeShelf } from '../links/link-index.ts';
import { counted, SETTLED_MS } from '../links/totals.ts';
import { type Domain, publicDomain } from './domain.ts';
import { ownDomain } from './own.ts';
import { removeDomain } from './store.ts';

/** How many links the index shows on a domain, those in the trash included. */
async function linksInIndex({ workspace_id, name }: Domain): Promise<number> {
  const shelves = [false, true].map((deleted) => readWholeShelf({ workspaceId: workspace_id, deleted }));
  const links = (await Promise.all(shelves)).flat();
  return links.filter(({ domain }) => domain === name).length;
}

/**
 * How many links live on a domain, those in the trash included. The domain's own numbers say when there are none, and
 * when some are in use. Links in the trash end without anybody's doing, and a domain from before there were numbers has
 * none: there the index is asked, and believed when no link has come or gone for a while.
 * @throws ClientError 409 when one has, a moment ago
 */
async function linksOn(domain: Domain): Promise<number> {
  const { links_changed_at = 0, name } = domain;
  const [inUse, inTrash] = [counted(domain.link_count), counted(domain.trash_count)];
  if (inUse === 0 && inTrash === 0) return 0;
  if (inUse) return inUse + (inTrash ?? 0);
  const links = await linksInIndex(domain);
  if (links === 0 && Date.now() - links_changed_at < SETTLED_MS) {
    throw conflict(`Links have come to ${name} or left it a moment ago: try again in a minute`);
  }
  return links;
}

/** `DELETE /workspace/:id/domains/:id`: 200 with the domain that is gone; 409 while links live on it. */
export const handler = api(async (call) => {
  const domain = await ownDomain(call);
  const links = await linksOn(domain);
  if (links > 0) {
    throw conflict(
      `${links} ${links === 1 ? 'link is' : 'links are'} on ${domain.name}, the trash included: move them to another domain first`,
    );
  }
  if (!(await removeDomain(domain))) {
    throw conflict(`${domain.name} was changed by somebody else at the same time: read the domains again`);
  }
  return { status: 200, body: { ...publicDomain(domain), deleted: true } };
});
