import { api } from '../core/api.ts';
import { type Domain, publicDomain } from '../core/domain.ts';
import { removeDomain } from '../core/domain-store.ts';
import { conflict } from '../core/errors.ts';
import { readWholeShelf } from '../core/link-index.ts';
import { ownDomain } from './own.ts';

/** How many links live on a domain, those in the trash included. The index may lag by a moment. */
async function linksOn({ workspace_id, name }: Domain): Promise<number> {
  const shelves = [false, true].map((deleted) => readWholeShelf({ workspaceId: workspace_id, deleted }));
  const links = (await Promise.all(shelves)).flat();
  return links.filter(({ domain }) => domain === name).length;
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
  await removeDomain(domain);
  return { status: 200, body: { ...publicDomain(domain), deleted: true } };
});
