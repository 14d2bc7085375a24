import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { api, table, tableName } from '../core/api.ts';
import { conflict } from '../core/errors.ts';
import { assertNothingSent } from '../core/input.ts';
import {
  newSigningSecret,
  readSigningSecret,
  type SigningSecret,
  signingSecretKey,
} from '../core/signing-secret.ts';
import { isConditionFailure } from '../core/table.ts';

/** Puts a secret in the place of the one that was read; an SDK retry of our own write finds what it wrote. */
async function replace(
  workspaceId: number,
  before: SigningSecret | null,
  next: SigningSecret,
): Promise<void> {
  const unchanged = before ? 'secret = :before' : 'attribute_not_exists(pk)';
  try {
    await table.send(
      new PutCommand({
        TableName: tableName(),
        Item: { ...signingSecretKey(workspaceId), ...next },
        ConditionExpression: `${unchanged} OR secret = :next`,
        ExpressionAttributeValues: { ':next': next.secret, ...(before ? { ':before': before.secret } : {}) },
      }),
    );
  } catch (error) {
    if (isConditionFailure(error)) throw conflict('The secret was changed at the same moment: read it again');
    throw error;
  }
}

/** `POST /workspace/:id/signing-secret`: 201 with a new secret. The one before it stays good for 24 hours. */
export const handler = api(async (call) => {
  const { workspaceId } = call;
  assertNothingSent(call);
  const before = await readSigningSecret(table, tableName(), workspaceId);
  const next = newSigningSecret(before);
  await replace(workspaceId, before, next);
  return { status: 201, body: next };
});
