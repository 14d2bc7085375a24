import { handle } from '../api/api.ts';
import { conflict, notFound, unauthorized } from '../errors.ts';
import { readWorkspace } from '../workspaces/store.ts';
import { publicWorkspace } from '../workspaces/workspace.ts';
import { keys } from './endpoints.ts';
import { addKey, listKeys, removeKey } from './store.ts';

const { endpoints } = keys;

/** A bare array, oldest first. `current` marks the key of this call. */
export const list = handle(endpoints.list, async ({ workspaceId, keySha256 }) => {
  const known = await listKeys(workspaceId);
  const body = known.map(({ prefix, created_at, sha256 }) => ({
    prefix,
    created_at,
    current: sha256 === keySha256,
  }));
  return { status: 200, body };
});

/** Who calls: the key of the call and its workspace. */
export const check = handle(endpoints.check, async ({ workspaceId, keySha256 }) => {
  const [workspace, known] = await Promise.all([readWorkspace(workspaceId), listKeys(workspaceId)]);
  const own = known.find(({ sha256 }) => sha256 === keySha256);
  // The key was revoked after it was checked.
  if (!own) throw unauthorized();
  const { prefix, created_at } = own;
  return { status: 200, body: { workspace: publicWorkspace(workspace), key: { prefix, created_at } } };
});

/** 201 with an additional key of the workspace. The key is shown here and never again. */
export const create = handle(endpoints.create, async ({ workspaceId }) => {
  const { key, prefix, created_at } = await addKey(workspaceId);
  return { status: 201, body: { key, prefix, created_at } };
});

/**
 * 200. The key is invalid from now on. The key of the call itself cannot be revoked, so that a workspace always keeps a
 * valid key.
 */
export const revoke = handle(endpoints.revoke, async ({ workspaceId, keySha256, path }) => {
  const known = await listKeys(workspaceId);
  const key = known.find(({ prefix }) => prefix === path.prefix);
  if (!key) throw notFound();
  if (key.sha256 === keySha256) {
    throw conflict(
      'You cannot revoke the key that you use for this call. Create another key with POST …/keys, and revoke this one with it.',
    );
  }
  await removeKey(workspaceId, key, keySha256);
  return { status: 200, body: { prefix: key.prefix, created_at: key.created_at, deleted: true } };
});
