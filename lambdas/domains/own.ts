import type { ApiCall } from '../core/api.ts';
import { type Domain, domainName } from '../core/domain.ts';
import { listDomains } from '../core/domain-store.ts';
import { notFound } from '../core/errors.ts';

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
