import { api } from '../api/api.ts';
import { notFound } from '../errors.ts';
import { table, tableName } from '../table.ts';
import { readSigningSecret } from './signing-secret.ts';

/** `GET /workspace/:id/signing-secret`: 200 with the secret and, while it is good, the one before; else 404. */
export const handler = api(async ({ workspaceId }) => {
  const secret = await readSigningSecret(table, tableName(), workspaceId);
  if (!secret) throw notFound();
  return { status: 200, body: secret };
});
