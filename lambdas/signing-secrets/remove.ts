import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { api } from '../api/api.ts';
import { notFound } from '../errors.ts';
import { table, tableName } from '../table.ts';
import { readSigningSecret, signingSecretKey } from './signing-secret.ts';

/** `DELETE /workspace/:id/signing-secret`: 200, and posts are not signed any more; 404 when there was none. */
export const handler = api(async ({ workspaceId }) => {
  if (!(await readSigningSecret(table, tableName(), workspaceId))) throw notFound();
  await table.send(new DeleteCommand({ TableName: tableName(), Key: signingSecretKey(workspaceId) }));
  return { status: 200, body: { deleted: true } };
});
