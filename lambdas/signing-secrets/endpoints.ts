import * as z from 'zod';
import { entity, gone, type ItemGrant, json, time } from '../api/endpoint.ts';
import { nothing } from '../api/input.ts';
import type { SigningSecret } from './signing-secret.ts';

const SECRET = '/api/v1/workspace/{workspace_id}/signing-secret';

const secrets = (...actions: string[]): ItemGrant => ({ actions, keys: ['SECRETS#*'] });

const signingSecretAnswer = z
  .object({
    secret: z.string(),
    created_at: time,
    previous: z.object({ secret: z.string(), valid_until: time }).nullable(),
  })
  .meta({ id: 'SigningSecret' }) satisfies z.ZodType<SigningSecret>;

/** The secret that signs what a workspace's webhooks get. */
export const signingSecrets = entity({
  folder: 'signing-secrets',
  prefix: 'SigningSecret',
  endpoints: {
    show: {
      routes: { [`GET ${SECRET}`]: 'Show the secret that signs deliveries' },
      description: 'Shows the secret that signs the posts of a workspace',
      grants: [secrets('GetItem')],
      reference: {
        tag: 'Webhooks',
        answers: { 200: json('The secret', signingSecretAnswer) },
        errors: [404],
      },
    },
    rotate: {
      routes: {
        [`POST ${SECRET}`]: 'Create a new signing secret; the previous one stays valid for 24 hours',
      },
      description: 'Makes a new secret that signs the posts of a workspace',
      grants: [secrets('GetItem', 'PutItem')],
      reference: {
        tag: 'Webhooks',
        body: nothing.optional(),
        answers: { 201: json('The secret', signingSecretAnswer) },
        errors: [404, 409],
      },
    },
    remove: {
      routes: { [`DELETE ${SECRET}`]: 'Delete the signing secret; deliveries are no longer signed' },
      description: 'Ends the signing of the posts of a workspace',
      grants: [secrets('GetItem', 'DeleteItem')],
      reference: {
        tag: 'Webhooks',
        body: nothing.optional(),
        answers: { 200: json('That it is gone', z.object(gone)) },
        errors: [404],
      },
    },
  },
});
