import * as z from 'zod';
import { entity, gone, type ItemGrant, json, READ_LINKS, READ_WORKSPACES, time } from '../api/endpoint.ts';
import { exactly } from '../api/input.ts';
import { MAX_HOOK_URL_LENGTH } from './hook.ts';

const LINK_HOOKS = '/api/v1/link/{link_id}/webhooks';
const WORKSPACE_HOOKS = '/api/v1/workspace/{workspace_id}/webhooks';

const ofOwners = (...actions: string[]): ItemGrant => ({ actions, keys: ['LINK#*', 'WORKSPACE#*'] });

/** A webhook to subscribe: its URL is checked when it is saved. There is one kind, which is on and gets every click. */
export const subscriptionSchema = exactly({
  url: z
    .unknown()
    .describe('http or https, to a public host')
    .meta({ type: 'string', format: 'uri', maxLength: MAX_HOOK_URL_LENGTH }),
});

const hookAnswer = z
  .object({
    id: z.url().describe('The URL, as existing clients expect'),
    hook_id: z.string(),
    url: z.url(),
    created_at: time,
  })
  .meta({ id: 'Webhook' });

/** The webhooks of links and of workspaces. */
export const hooks = entity({
  folder: 'hooks',
  prefix: 'Hooks',
  endpoints: {
    list: {
      routes: {
        [`GET ${LINK_HOOKS}`]: 'List the webhooks of a link, oldest first',
        [`GET ${WORKSPACE_HOOKS}`]: 'List the webhooks of a workspace, oldest first',
      },
      description: 'Lists the webhooks of a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query')],
      reference: {
        tag: 'Webhooks',
        answers: { 200: json('The webhooks', z.array(hookAnswer)) },
        errors: [404],
      },
    },
    create: {
      routes: {
        [`POST ${LINK_HOOKS}`]: 'Subscribe a URL to the clicks of a link',
        [`POST ${WORKSPACE_HOOKS}`]: 'Subscribe a URL to the clicks of a workspace',
      },
      description: 'Subscribes a webhook to a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query', 'PutItem', 'UpdateItem')],
      reference: {
        tag: 'Webhooks',
        body: subscriptionSchema,
        checksBody: true,
        answers: {
          200: json('The webhook, which existed already', hookAnswer),
          201: json('The webhook', hookAnswer),
        },
        errors: [404, 409, 422],
      },
    },
    // By URL it takes a greedy path: the gateway decodes `%2F` before it routes.
    delete: {
      routes: {
        [`DELETE ${LINK_HOOKS}`]: 'Remove a webhook of a link by its URL',
        [`DELETE ${LINK_HOOKS}/{hook_id+}`]:
          'Remove a webhook of a link by its hook_id, or by its URL percent-encoded',
        [`DELETE ${WORKSPACE_HOOKS}`]: 'Remove a webhook of a workspace by its URL',
        [`DELETE ${WORKSPACE_HOOKS}/{hook_id+}`]:
          'Remove a webhook of a workspace by its hook_id, or by its URL percent-encoded',
      },
      description: 'Removes a webhook from a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query', 'DeleteItem')],
      reference: {
        tag: 'Webhooks',
        query: z.object({
          url: z.string().optional().describe('The URL of the webhook, unless the path names one'),
        }),
        answers: { 200: json('The webhook that is gone', hookAnswer.extend(gone)) },
        errors: [404, 409, 422],
      },
    },
    test: {
      routes: {
        [`POST ${LINK_HOOKS}/test`]:
          'Send a sample click to the webhooks of a link; once a second, not counted',
      },
      description: 'Sends a sample click to the webhooks of a link',
      grants: [READ_LINKS],
      claims: [{ actions: ['UpdateItem'], keys: ['TEST#*'] }],
      queue: true,
      reference: {
        tag: 'Webhooks',
        answers: {
          202: json(
            'What is on its way',
            z.object({
              message: z.string(),
              click_id: z.uuid(),
              payload: z.record(z.string(), z.unknown()).describe('What webhooks get'),
            }),
          ),
        },
        errors: [404],
      },
    },
  },
});
