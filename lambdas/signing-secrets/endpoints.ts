import * as z from 'zod';
import { entity, gone, type ItemGrant, json, time } from '../api/endpoint.ts';
import { nothing } from '../api/input.ts';
import type { SigningSecret } from './signing-secret.ts';

const SECRET = '/api/v1/workspace/{workspace_id}/signing-secret';

const secrets = (...actions: string[]): ItemGrant => ({ actions, keys: ['SECRETS#*'] });

const EXAMPLE: SigningSecret = {
  secret: 'whsec_ZXhhbXBsZSBvZiBhIHNlY3JldA==',
  created_at: '2027-01-31T12:00:00Z',
  previous: null,
};

const signingSecretAnswer = z
  .object({
    secret: z.string().describe('The secret, in the form of Standard Webhooks: whsec_ and base64'),
    created_at: time,
    previous: z
      .object({
        secret: z.string().describe('The previous secret'),
        valid_until: time.describe('When it stops signing: 24 hours after it was replaced'),
      })
      .nullable()
      .describe('The previous secret while it is still valid, or null'),
  })
  .meta({
    id: 'SigningSecret',
    description: 'The secret that signs deliveries',
    examples: [EXAMPLE],
  }) satisfies z.ZodType<SigningSecret>;

/** The secret that signs what a workspace's webhooks get. */
export const signingSecrets = entity({
  folder: 'signing-secrets',
  prefix: 'SigningSecret',
  endpoints: {
    show: {
      routes: {
        [`GET ${SECRET}`]: { operationId: 'getSigningSecret', summary: 'Get the signing secret' },
      },
      description: 'Returns the secret that signs the deliveries of a workspace',
      grants: [secrets('GetItem')],
      reference: {
        tag: 'Webhooks',
        description: 'Returns the secret that signs deliveries. 404 when the workspace has none.',
        answers: { 200: json('The signing secret', signingSecretAnswer) },
      },
    },
    rotate: {
      routes: {
        [`POST ${SECRET}`]: { operationId: 'rotateSigningSecret', summary: 'Create a new signing secret' },
      },
      description: 'Creates a new secret that signs the deliveries of a workspace',
      grants: [secrets('GetItem', 'PutItem')],
      reference: {
        tag: 'Webhooks',
        description:
          'Creates the first signing secret, or replaces it. The previous secret stays valid for 24 hours: until then deliveries carry two signatures.',
        body: nothing.optional(),
        answers: { 201: json('The new signing secret', signingSecretAnswer) },
        conflicts: true,
      },
    },
    remove: {
      routes: {
        [`DELETE ${SECRET}`]: { operationId: 'deleteSigningSecret', summary: 'Delete the signing secret' },
      },
      description: 'Deletes the secret that signs the deliveries of a workspace',
      grants: [secrets('GetItem', 'DeleteItem')],
      reference: {
        tag: 'Webhooks',
        description: 'Deletes the signing secret. Deliveries are no longer signed.',
        body: nothing.optional(),
        answers: { 200: json('The secret is deleted', z.object(gone)) },
      },
    },
  },
});
