import * as z from 'zod';
import { answeredId, entity, json, READ_WORKSPACES, time } from '../api/endpoint.ts';
import { workspaceFieldsSchema } from './fields.ts';
import type { Workspace } from './workspace.ts';

const WORKSPACE = '/api/v1/workspace/{workspace_id}';

const name = z.string().describe('The name of the workspace');

const EXAMPLE: Workspace & { webhooks: string[] } = {
  id: 1,
  name: 'My workspace',
  inserted_at: '2027-01-31T12:00:00Z',
  excluded_ips: ['203.0.113.0/24'],
  skip_crawlers: false,
  privacy: 'standard',
  webhooks: ['https://example.com/webhook'],
};

const settingsAnswer = z
  .object({
    id: answeredId,
    name,
    inserted_at: time,
    excluded_ips: z
      .array(z.string())
      .describe('Addresses and ranges of visitors whose clicks are not recorded'),
    skip_crawlers: z.boolean().describe('Whether clicks of bots are not recorded'),
    privacy: z
      .enum(['standard', 'strict'])
      .describe('strict leaves out the country, the provider and the referrer of every click'),
    webhooks: z.array(z.url()).describe('URLs that receive the clicks of all links'),
  })
  .meta({
    id: 'WorkspaceSettings',
    description: 'A workspace with its settings',
    examples: [EXAMPLE],
  }) satisfies z.ZodType<Workspace & { webhooks: string[] }>;

/** Workspaces and their settings. */
export const workspaces = entity({
  folder: 'workspaces',
  prefix: 'Workspaces',
  endpoints: {
    list: {
      routes: { 'GET /api/v1/workspaces': { operationId: 'listWorkspaces', summary: 'List workspaces' } },
      description: 'Returns the workspace of a key',
      grants: [READ_WORKSPACES],
      reference: {
        tag: 'Workspaces',
        description: 'Returns a list with one entry: the workspace that the API key belongs to.',
        answers: {
          200: json(
            'The workspace of the key',
            z.array(
              z.object({ id: answeredId, name }).meta({
                id: 'Workspace',
                description: 'A workspace',
                examples: [{ id: 1, name: 'My workspace' }],
              }),
            ),
          ),
        },
      },
    },
    get: {
      routes: { [`GET ${WORKSPACE}`]: { operationId: 'getWorkspace', summary: 'Get a workspace' } },
      description: 'Returns a workspace with its settings and webhooks',
      grants: [READ_WORKSPACES, { actions: ['Query'], keys: ['WORKSPACE#*'] }],
      reference: {
        tag: 'Workspaces',
        description: 'Returns the workspace with its settings and the URLs of its webhooks.',
        answers: { 200: json('The workspace', settingsAnswer) },
      },
    },
    save: {
      routes: { [`PATCH ${WORKSPACE}`]: { operationId: 'updateWorkspace', summary: 'Change a workspace' } },
      description: 'Changes the settings and webhooks of a workspace',
      grants: [
        READ_WORKSPACES,
        { actions: ['UpdateItem', 'Query', 'PutItem', 'DeleteItem'], keys: ['WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        description:
          'Changes the settings that you send; the others stay as they are. `webhooks` replaces the whole list.',
        body: workspaceFieldsSchema,
        example: { name: 'My workspace', excluded_ips: ['203.0.113.0/24'], skip_crawlers: false },
        answers: { 200: json('The changed workspace', settingsAnswer) },
        conflicts: true,
      },
    },
    // No route leads here: IAM alone decides who may invoke it.
    create: {
      routes: {},
      access: 'iam',
      description: 'Creates a workspace and its API key; invoked with IAM only',
      grants: [
        { actions: ['GetItem', 'PutItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
        { actions: ['UpdateItem'], keys: ['COUNTER#WORKSPACE', 'WORKSPACE#*'] },
      ],
    },
  },
});
