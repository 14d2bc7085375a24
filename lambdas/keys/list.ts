import { api } from '../api/api.ts';
import { listKeys } from './store.ts';

/** `GET /workspace/:id/keys`: a bare array, oldest first; `current` is the key of this call. */
export const handler = api(async ({ workspaceId, keySha256 }) => {
  const keys = await listKeys(workspaceId);
  const body = keys.map(({ prefix, created_at, sha256 }) => ({
    prefix,
    created_at,
    current: sha256 === keySha256,
  }));
  return { status: 200, body };
});
