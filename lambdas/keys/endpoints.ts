import * as z from 'zod';
import { entity, gone, type ItemGrant, json, time } from '../api/endpoint.ts';
import { nothing } from '../api/input.ts';

const KEYS = '/api/v1/workspace/{workspace_id}/keys';

const LIST_KEYS: ItemGrant = { actions: ['Query'], keys: ['WORKSPACE#*'] };

const prefix = z.string().describe('The first characters of the key and of its hash');
const newKeyAnswer = z.object({ key: z.string(), prefix, created_at: time });

/** The API keys of a workspace. */
export const keys = entity({
  folder: 'keys',
  prefix: 'Keys',
  endpoints: {
    list: {
      routes: { [`GET ${KEYS}`]: 'List the API keys of a workspace by their first characters, oldest first' },
      description: 'Lists the API keys of a workspace by their first characters',
      grants: [LIST_KEYS],
      reference: {
        tag: 'Workspaces',
        answers: {
          200: json(
            'The keys',
            z.array(
              z
                .object({
                  prefix,
                  created_at: time,
                  current: z.boolean().describe('Whether it is the key of this call'),
                })
                .meta({ id: 'Key' }),
            ),
          ),
        },
        errors: [404],
      },
    },
    create: {
      routes: { [`POST ${KEYS}`]: 'Create another API key, which is shown once' },
      description: 'Makes a further API key for a workspace',
      grants: [
        LIST_KEYS,
        { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
        { actions: ['PutItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        // There is one kind of key: a client that asks for a key with fewer rights must not get this one.
        body: nothing.optional(),
        answers: { 201: json('The key', newKeyAnswer) },
        errors: [404, 409, 422],
      },
    },
    revoke: {
      routes: { [`DELETE ${KEYS}/{prefix}`]: 'Revoke an API key, with another one' },
      description: 'Revokes an API key of a workspace',
      grants: [
        LIST_KEYS,
        { actions: ['ConditionCheckItem'], keys: ['KEY#*'] },
        { actions: ['DeleteItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        answers: { 200: json('The key that is gone', newKeyAnswer.omit({ key: true }).extend(gone)) },
        errors: [404, 409],
      },
    },
  },
});
