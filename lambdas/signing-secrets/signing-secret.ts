import { randomBytes } from 'node:crypto';

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
