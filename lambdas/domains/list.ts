import { api } from '../api/api.ts';
import { publicDomain } from './domain.ts';
import { listDomains } from './store.ts';

/** `GET /workspace/:id/domains`: a bare array, oldest first. */
export const handler = api(async ({ workspaceId }) => {
  const domains = await listDomains(workspaceId);
  return { status: 200, body: domains.map(publicDomain) };
});
