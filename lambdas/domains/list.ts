import { api } from '../core/api.ts';
import { publicDomain } from '../core/domain.ts';
import { listDomains } from '../core/domain-store.ts';

/** `GET /workspace/:id/domains`: a bare array, oldest first. */
export const handler = api(async ({ workspaceId }) => {
  const domains = await listDomains(workspaceId);
  return { status: 200, body: domains.map(publicDomain) };
});
