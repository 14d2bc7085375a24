import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { notFound } from '../core/errors.ts';
import { assertNothingSent } from '../core/input.ts';
import { readSigningSecret, signingSecretKey } from '../core/signing-secret.ts';

/** `DELETE /workspace/:id/signing-secret`: 200, and posts are not signed any more; 404 when there was none. */
export const handler = api(async (call) => {
  const { workspaceId } = call;
  assertNothingSent(call);
  if (!(await readSigningSecret(table, tableName(), workspaceId))) throw notFound();
  await table.send(new DeleteCommand({ TableName: tableName(), Key: signingSecretKey(workspaceId) }));
  return { status: 200, body: { deleted: true } };
});
