import * as z from 'zod';
import { answeredId, entity, json, READ_WORKSPACES, time } from '../api/endpoint.ts';
import { workspaceFieldsSchema } from './fields.ts';
import type { Workspace } from './workspace.ts';

const WORKSPACE = '/api/v1/workspace/{workspace_id}';

const settingsAnswer = z
  .object({
    id: answeredId,
    name: z.string(),
    inserted_at: time,
    excluded_ips: z.array(z.string()),
    skip_crawlers: z.boolean(),
    privacy: z.enum(['standard', 'strict']),
    webhooks: z.array(z.url()),
  })
  .meta({ id: 'WorkspaceSettings' }) satisfies z.ZodType<Workspace & { webhooks: string[] }>;

/** Workspaces and their settings. */
export const workspaces = entity({
  folder: 'workspaces',
  prefix: 'Workspaces',
  endpoints: {
    list: {
      routes: { 'GET /api/v1/workspaces': 'List the workspaces that the key sees: its own' },
      description: 'Answers the workspace of a key',
      grants: [READ_WORKSPACES],
      reference: {
        tag: 'Workspaces',
        answers: {
          200: json(
            'The workspace',
            z.array(z.object({ id: answeredId, name: z.string() }).meta({ id: 'Workspace' })),
          ),
        },
        errors: [404],
      },
    },
    get: {
      routes: { [`GET ${WORKSPACE}`]: 'Get a workspace with its settings' },
      description: 'Answers a workspace with its settings and webhooks',
      grants: [READ_WORKSPACES, { actions: ['Query'], keys: ['WORKSPACE#*'] }],
      reference: {
        tag: 'Workspaces',
        answers: { 200: json('The workspace', settingsAnswer) },
        errors: [404],
      },
    },
    save: {
      routes: { [`PATCH ${WORKSPACE}`]: 'Change settings of a workspace; those not sent stay' },
      description: 'Changes the settings and webhooks of a workspace',
      grants: [
        READ_WORKSPACES,
        { actions: ['UpdateItem', 'Query', 'PutItem', 'DeleteItem'], keys: ['WORKSPACE#*'] },
      ],
      reference: {
        tag: 'Workspaces',
        body: workspaceFieldsSchema,
        answers: { 200: json('The workspace', settingsAnswer) },
        errors: [404, 409, 422],
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
