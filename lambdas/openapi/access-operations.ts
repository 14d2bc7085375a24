import * as z from 'zod';
import { nothing } from '../core/input.ts';
import { newKeySchema } from '../keys/requests.ts';
import { gone, keyAnswer, newKeyAnswer, signingSecretAnswer } from './answers.ts';
import type { Answer, Operation } from './operations.ts';

const KEYS = '/api/v1/workspace/{workspace_id}/keys';
const SECRET = '/api/v1/workspace/{workspace_id}/signing-secret';

const json = (description: string, schema: z.ZodType): Answer => ({ description, json: schema });

/** The calls about who may come in, and how posts prove where they come from. */
export const ACCESS_OPERATIONS: Record<string, Operation> = {
  [`GET ${KEYS}`]: {
    tag: 'Workspaces',
    summary: 'List the API keys of a workspace by their first characters, oldest first',
    answers: { 200: json('The keys', z.array(keyAnswer)) },
  },
  [`POST ${KEYS}`]: {
    tag: 'Workspaces',
    summary: 'Create another API key, which is shown once',
    body: newKeySchema.optional(),
    answers: { 201: json('The key', newKeyAnswer) },
  },
  [`DELETE ${KEYS}/{prefix}`]: {
    tag: 'Workspaces',
    summary: 'Revoke an API key, with another one',
    answers: { 200: json('The key that is gone', newKeyAnswer.omit({ key: true }).extend(gone)) },
  },
  [`GET ${SECRET}`]: {
    tag: 'Webhooks',
    summary: 'Show the secret that signs deliveries',
    answers: { 200: json('The secret', signingSecretAnswer) },
  },
  [`POST ${SECRET}`]: {
    tag: 'Webhooks',
    summary: 'Create a new signing secret; the previous one stays valid for 24 hours',
    body: nothing.optional(),
    answers: { 201: json('The secret', signingSecretAnswer) },
  },
  [`DELETE ${SECRET}`]: {
    tag: 'Webhooks',
    summary: 'Delete the signing secret; deliveries are no longer signed',
    body: nothing.optional(),
    answers: { 200: json('A word that says so', z.object(gone)) },
  },
};
