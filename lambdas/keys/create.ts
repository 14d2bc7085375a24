import { api } from '../api/api.ts';
import { assertNoOptions, parseBody } from '../api/input.ts';
import { newKeySchema } from './requests.ts';
import { addKey } from './store.ts';

/** `POST /workspace/:id/keys`: 201 with a further key of the workspace, which is shown here and never again. */
export const handler = api(async ({ workspaceId, query, body }) => {
  assertNoOptions(query, newKeySchema);
  parseBody(newKeySchema, body ?? {});
  const { key, prefix, created_at } = await addKey(workspaceId);
  return { status: 201, body: { key, prefix, created_at } };
});
