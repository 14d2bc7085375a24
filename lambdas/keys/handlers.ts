import { handle } from '../api/api.ts';
import { conflict, notFound } from '../errors.ts';
import { keys } from './endpoints.ts';
import { addKey, listKeys, removeKey } from './store.ts';

const { endpoints } = keys;

/** A bare array, oldest first; `current` is the key of this call. */
export const list = handle(endpoints.list, async ({ workspaceId, keySha256 }) => {
  const known = await listKeys(workspaceId);
  const body = known.map(({ prefix, created_at, sha256 }) => ({
    prefix,
    created_at,
    current: sha256 === keySha256,
  }));
  return { status: 200, body };
});

/** 201 with a further key of the workspace, which is shown here and never again. */
export const create = handle(endpoints.create, async ({ workspaceId }) => {
  const { key, prefix, created_at } = await addKey(workspaceId);
  return { status: 201, body: { key, prefix, created_at } };
});

/**
 * 200, and the key opens nothing from now on. The key of the call itself stays, so that a workspace always keeps one
 * that opens it.
 */
export const revoke = handle(endpoints.revoke, async ({ workspaceId, keySha256, path }) => {
  const known = await listKeys(workspaceId);
  const key = known.find(({ prefix }) => prefix === path.prefix);
  if (!key) throw notFound();
  if (key.sha256 === keySha256) {
    throw conflict('This key is the one of your call: revoke it with another key, which POST …/keys creates');
  }
  await removeKey(workspaceId, key, keySha256);
  return { status: 200, body: { prefix: key.prefix, created_at: key.created_at, deleted: true } };
});
