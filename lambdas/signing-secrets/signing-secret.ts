import { randomBytes } from 'node:crypto';

/** A workspace's signing secret, and the previous one while it is still valid. Times are ISO 8601, UTC. */
export type SigningSecret = {
  secret: string;
  created_at: string;
  previous: { secret: string; valid_until: string } | null;
};

/** A replaced secret stays valid for a day, so that receivers can switch to the new one. */
const OLD_SECRET_VALID_MS = 24 * 60 * 60 * 1_000;
const SECRET_BYTES = 32;

/** A new secret in the format of the Standard Webhooks specification. `before` is the secret that it replaces. */
export function newSigningSecret(before: SigningSecret | null, nowMs = Date.now()): SigningSecret {
  const valid_until = new Date(nowMs + OLD_SECRET_VALID_MS).toISOString();
  return {
    secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    created_at: new Date(nowMs).toISOString(),
    previous: before && { secret: before.secret, valid_until },
  };
}

/** The secret without a previous one that has expired. */
export function withoutExpired(secret: SigningSecret, nowMs = Date.now()): SigningSecret {
  const ended = secret.previous !== null && Date.parse(secret.previous.valid_until) <= nowMs;
  return ended ? { ...secret, previous: null } : secret;
}
