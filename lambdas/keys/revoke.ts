import { api } from '../api/api.ts';
import { conflict, notFound } from '../errors.ts';
import { listKeys, removeKey } from './store.ts';

/**
 * `DELETE /workspace/:id/keys/:prefix`: 200, and the key opens nothing from now on. The key of the
 * call itself stays, so that a workspace always keeps one that opens it.
 */
export const handler = api(async ({ workspaceId, keySha256, path }) => {
  const keys = await listKeys(workspaceId);
  const key = keys.find(({ prefix }) => prefix === path.prefix);
  if (!key) throw notFound();
  if (key.sha256 === keySha256) {
    throw conflict('This key is the one of your call: revoke it with another key, which POST …/keys makes');
  }
  await removeKey(workspaceId, key, keySha256);
  return { status: 200, body: { prefix: key.prefix, created_at: key.created_at, deleted: true } };
});
