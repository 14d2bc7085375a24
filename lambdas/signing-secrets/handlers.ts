import { handle } from '../api/api.ts';
import { notFound } from '../errors.ts';
import { signingSecrets } from './endpoints.ts';
import { newSigningSecret } from './signing-secret.ts';
import { readSigningSecret, removeSigningSecret, replaceSigningSecret } from './store.ts';

const { endpoints } = signingSecrets;

/** 200 with the secret and, while it is valid, the previous one; else 404. */
export const show = handle(endpoints.show, async ({ workspaceId }) => {
  const secret = await readSigningSecret(workspaceId);
  if (!secret) throw notFound();
  return { status: 200, body: secret };
});

/** 201 with a new secret. The previous one stays valid for 24 hours. */
export const rotate = handle(endpoints.rotate, async ({ workspaceId }) => {
  const before = await readSigningSecret(workspaceId);
  const next = newSigningSecret(before);
  await replaceSigningSecret(workspaceId, before, next);
  return { status: 201, body: next };
});

/** 200. Deliveries are no longer signed. 404 when there is no secret. */
export const remove = handle(endpoints.remove, async ({ workspaceId }) => {
  if (!(await readSigningSecret(workspaceId))) throw notFound();
  await removeSigningSecret(workspaceId);
  return { status: 200, body: { deleted: true } };
});
