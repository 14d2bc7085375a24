import { randomBytes } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { partition, sort, type Table } from '../table.ts';

/** A workspace's signing secret, and the one before it while that is still good. Times are ISO 8601, UTC. */
export type SigningSecret = {
  secret: string;
  created_at: string;
  previous: { secret: string; valid_until: string } | null;
};

/** A secret that was replaced still signs for a day, so that receivers can change over. */
const OLD_SECRET_VALID_MS = 24 * 60 * 60 * 1_000;
const SECRET_BYTES = 32;

/** A new secret, spelled as the Standard Webhooks specification has it; it takes the place of `before`. */
export function newSigningSecret(before: SigningSecret | null, nowMs = Date.now()): SigningSecret {
  const valid_until = new Date(nowMs + OLD_SECRET_VALID_MS).toISOString();
  return {
    secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    created_at: new Date(nowMs).toISOString(),
    previous: before && { secret: before.secret, valid_until },
  };
}

/** Without a previous secret that has ended. */
export function inForce(secret: SigningSecret, nowMs = Date.now()): SigningSecret {
  const ended = secret.previous !== null && Date.parse(secret.previous.valid_until) <= nowMs;
  return ended ? { ...secret, previous: null } : secret;
}

/** Where a workspace's secret is: a partition of its own, so that permissions can tell it from the settings. */
export function signingSecretKey(workspaceId: number) {
  return { pk: partition.secrets(workspaceId), sk: sort.secrets };
}

/** A workspace's signing secret, read consistently; null when it has none. */
export async function readSigningSecret(
  table: Table,
  TableName: string,
  workspaceId: number,
  abortSignal?: AbortSignal,
): Promise<SigningSecret | null> {
  const { Item } = await table.send(
    new GetCommand({ TableName, Key: signingSecretKey(workspaceId), ConsistentRead: true }),
    abortSignal ? { abortSignal } : {},
  );
  if (!Item) return null;
  return inForce({ secret: Item.secret, created_at: Item.created_at, previous: Item.previous });
}
