import * as z from 'zod';
import { newKeySchema } from '../keys/requests.ts';
import {
  type Answer,
  gone,
  keyAnswer,
  newKeyAnswer,
  type Operation,
  signingSecretAnswer,
} from './answers.ts';

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
    summary: 'Make a further API key, which is shown once',
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
    summary: 'Show the secret that posts are signed with',
    answers: { 200: json('The secret', signingSecretAnswer) },
  },
  [`POST ${SECRET}`]: {
    tag: 'Webhooks',
    summary: 'Make a new signing secret; the one before signs on beside it for 24 hours',
    answers: { 201: json('The secret', signingSecretAnswer) },
  },
  [`DELETE ${SECRET}`]: {
    tag: 'Webhooks',
    summary: 'Sign posts no more',
    answers: { 200: json('A word that says so', z.object(gone)) },
  },
};
