import { Webhook } from 'standardwebhooks';
import type { SigningSecret } from '../signing-secrets/signing-secret.ts';

/** What a signature is of, beside the payload: the click, the hook (which stands for owner and URL) and now. */
export type Signed = { clickId: string; hookId: string; now: Date };

/**
 * The headers of the Standard Webhooks specification; none without a secret. While an old secret is
 * still good there are two signatures. The id is the same for every duplicate of a post and no other.
 */
export function signatureHeaders(
  secret: SigningSecret | null,
  { clickId, hookId, now }: Signed,
  payload: string,
): Record<string, string> {
  if (!secret) return {};
  const id = `msg_${clickId}_${hookId}`;
  const secrets = secret.previous ? [secret.secret, secret.previous.secret] : [secret.secret];
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': secrets.map((one) => new Webhook(one).sign(id, now, payload)).join(' '),
  };
}
