import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from '../../../lambdas/deliver/signature.ts';
import { hookId } from '../../../lambdas/hooks/hook.ts';
import { newSigningSecret } from '../../../lambdas/signing-secrets/signing-secret.ts';

const NOW = new Date();
const signed = { clickId: '00000000-0000-4000-8000-000000000001', hookId: 'a'.repeat(32), now: NOW };
const PAYLOAD = '{"event":"click","link":{"name":"Grüße"}}';

test('the vector that the specification publishes passes', () => {
  const webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const at = new Date(1_614_265_330_000);
  expect(webhook.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

describe('a signature', () => {
  test('is absent without a secret', () => {
    expect(signatureHeaders(null, signed, PAYLOAD)).toEqual({});
  });

  test('verifies with the secret, over the body as it was sent, and with no other', () => {
    const secret = newSigningSecret(null);
    const headers = signatureHeaders(secret, signed, PAYLOAD);
    expect(new Webhook(secret.secret).verify(PAYLOAD, headers)).toEqual(JSON.parse(PAYLOAD));
    expect(() => new Webhook(secret.secret).verify(`${PAYLOAD} `, headers)).toThrow();
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(other).verify(PAYLOAD, headers)).toThrow();
  });

  test('is made with the old secret too while that is good', () => {
    const old = newSigningSecret(null);
    const rotated = newSigningSecret(old);
    const headers = signatureHeaders(rotated, signed, PAYLOAD);
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const { secret } of [old, rotated]) new Webhook(secret).verify(PAYLOAD, headers);
  });

  test('has an id that is the same for every duplicate, and another for each click, owner and URL', () => {
    const secret = newSigningSecret(null);
    const idOf = (clickId: string, owner: string, url: string) =>
      signatureHeaders(secret, { clickId, hookId: hookId(owner, url), now: new Date() }, '{}')['webhook-id'];
    const url = 'https://hooks.example.com/';
    const ids = [
      idOf('1', 'LINK#1', url),
      idOf('2', 'LINK#1', url),
      idOf('1', 'WORKSPACE#1', url),
      idOf('1', 'LINK#1', `${url}x`),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(idOf('1', 'LINK#1', url)).toBe(ids[0]);
  });
});
