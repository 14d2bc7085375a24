import * as z from 'zod';
import { answeredId, entity, gone, type ItemGrant, json, READ_WORKSPACES, time } from '../api/endpoint.ts';
import { nothing } from '../api/input.ts';

const KEYS = '/api/v1/workspace/{workspace_id}/keys';

const LIST_KEYS: ItemGrant = { actions: ['Query'], keys: ['WORKSPACE#*'] };

const prefix = z
  .string()
  .describe('The first characters of the key and of its hash. They name the key in other calls.');

const keyAnswer = z
  .object({ prefix, created_at: time, current: z.boolean().describe('Whether this call used the key') })
  .meta({
    id: 'Key',
    description: 'An API key, without its secret part',
    examples: [{ prefix: 'ck_examp0123abcd', created_at: '2027-01-31T12:00:00Z', current: true }],
  });

const newKeyAnswer = z
  .object({ key: z.string().describe('The API key. No other call returns it.'), prefix, created_at: time })
  .meta({
    id: 'NewKey',
    description: 'A new API key',
    examples: [
      { key: 'ck_example-of-a-key', prefix: 'ck_examp0123abcd', created_at: '2027-01-31T12:00:00Z' },
    ],
  });

const CHECK_EXAMPLE = {
  workspace: { id: 1, name: 'My workspace' },
  key: { prefix: 'ck_examp0123abcd', created_at: '2027-01-31T12:00:00Z' },
};

const checkAnswer = z
  .object({
    workspace: z
      .object({ id: answeredId, name: z.string().describe('The name of the workspace') })
      .describe('The workspace that the key belongs to'),
    key: z.object({ prefix, created_at: time }).describe('The key of this call, without its secret part'),
  })
  .meta({ id: 'KeyCheck', description: 'An API key and its workspace', examples: [CHECK_EXAMPLE] });

/** The API keys of a workspace. */
export const keys = entity({
  folder: 'keys',
  prefix: 'Keys',
  endpoints: {
    list: {
      routes: { [`GET ${KEYS}`]: { operationId: 'listKeys', summary: 'List API keys' } },
      description: 'Lists the API keys of a workspace by their first characters',
      grants: [LIST_KEYS],
      reference: {
        tag: 'Workspaces',
        description: 'Returns the API keys of the workspace by their first characters, oldest first.',
        answers: { 200: json('The keys', z.array(keyAnswer)) },
      },
    },
    check: {
      routes: {
        'GET /api/v1/test': { operationId: 'checkKey', summary: 'Check an API key' },
        'POST /api/v1/test': { operationId: 'checkKeyByPost', summary: 'Check an API key, with a body' },
      },
      description: 'Returns the key of a call and its workspace',
      grants: [LIST_KEYS, READ_WORKSPACES],
      reference: {
        tag: 'Workspaces',
        description:
          'Returns the API key of this call, without its secret part, and the workspace that it belongs to. A POST may have any JSON body or form: only `api_key` and `workspace_id` in it count.',
        answers: { 200: json('The key and its workspace', checkAnswer) },
      },
    },
    create: {
      routes: { [`POST ${KEYS}`]: { operationId: 'createKey', summary: 'Create an API key' } },
      description: 'Creates another API key for a workspace',
      grants: [
        LIST_KEYS,
        { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
        { actions: ['PutItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        description:
          'Creates another API key with all rights to the workspace. Only this answer contains the key: store it now. The body must be empty, because keys with fewer rights do not exist.',
        // A client that asks for a key with fewer rights must not get this one.
        body: nothing.optional(),
        answers: { 201: json('The new key', newKeyAnswer) },
        conflicts: true,
      },
    },
    revoke: {
      routes: { [`DELETE ${KEYS}/{prefix}`]: { operationId: 'revokeKey', summary: 'Revoke an API key' } },
      description: 'Revokes an API key of a workspace',
      grants: [
        LIST_KEYS,
        { actions: ['ConditionCheckItem'], keys: ['KEY#*'] },
        { actions: ['DeleteItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        description: 'Revokes a key at once. A key cannot revoke itself: call this with another key.',
        answers: {
          200: json('The revoked key', z.object({ prefix, created_at: time }).extend(gone)),
        },
        conflicts: true,
      },
    },
  },
});
