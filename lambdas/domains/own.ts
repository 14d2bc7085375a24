import type { ApiCall } from '../api/api.ts';
import { notFound } from '../errors.ts';
import { type Domain, domainName } from './domain.ts';
import { listDomains } from './store.ts';

/**
 * The workspace's domain that a path means, by its id or its name.
 * @throws ClientError 404 when the workspace has no such domain
 */
export async function ownDomain({ workspaceId, path }: ApiCall): Promise<Domain> {
  const wanted = path.domain_id;
  const wantedName = domainName.safeParse(wanted).data;
  const domains = await listDomains(workspaceId);
  const found = domains.find(({ id, name }) => String(id) === wanted || name === wantedName);
  if (!found) throw notFound();
  return found;
}
