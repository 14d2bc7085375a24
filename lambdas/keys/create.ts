import { api, table, tableName } from '../core/api.ts';
import { generateApiKey } from '../core/api-key.ts';
import { conflict } from '../core/errors.ts';
import { assertNothingSent } from '../core/input.ts';
import { addKey, listKeys, MAX_KEYS_PER_WORKSPACE } from '../core/key-store.ts';

/** `POST /workspace/:id/keys`: 201 with a further key of the workspace, which is shown here and never again. */
export const handler = api(async (call) => {
  const { workspaceId } = call;
  assertNothingSent(call);
  const keys = await listKeys(table, tableName(), workspaceId);
  if (keys.length >= MAX_KEYS_PER_WORKSPACE) {
    throw conflict(
      `There are already ${MAX_KEYS_PER_WORKSPACE} keys, the most there may be: revoke one first`,
    );
  }
  const key = generateApiKey();
  const { prefix, created_at } = await addKey(table, tableName(), workspaceId, key);
  return { status: 201, body: { key, prefix, created_at } };
});
