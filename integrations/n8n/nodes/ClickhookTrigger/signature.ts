import { createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of a delivery that its signature covers, and the signature. */
export type SignedDelivery = { headers: Record<string, unknown>; body: Buffer };

/** How old a delivery may be. An older one could be a copy of somebody who recorded it. */
const TOLERANCE_SECONDS = 300;

/**
 * Checks the signature of a delivery, as Standard Webhooks describes it: HMAC-SHA256 of its id, time and body. While a
 * secret is being replaced, a delivery has several signatures, and one of them is enough.
 * @returns what is wrong, or undefined
 */
export function signatureFault(
  secret: string,
  { headers, body }: SignedDelivery,
  nowSeconds = Date.now() / 1_000,
): string | undefined {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  );
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'The delivery is not signed.';
  const ageSeconds = Math.abs(nowSeconds - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) return 'The delivery is too old, or the clock is wrong.';
  const key = Buffer.from(secret.trim().replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const valid = signatures.split(' ').some((entry) => {
    const [version, signature = ''] = entry.split(',');
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return valid ? undefined : 'The signature does not match the signing secret.';
}
