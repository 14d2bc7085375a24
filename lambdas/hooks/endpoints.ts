import * as z from 'zod';
import { entity, gone, type ItemGrant, json, READ_LINKS, READ_WORKSPACES } from '../api/endpoint.ts';
import { exactly } from '../api/input.ts';
import { checkAnswer, hookAnswer, testAnswer, URL_EXAMPLE } from './answers.ts';
import { MAX_HOOK_URL_LENGTH } from './hook.ts';

const LINK_HOOKS = '/api/v1/link/{link_id}/webhooks';
const WORKSPACE_HOOKS = '/api/v1/workspace/{workspace_id}/webhooks';

const ofOwners = (...actions: string[]): ItemGrant => ({ actions, keys: ['LINK#*', 'WORKSPACE#*'] });

/** A webhook to subscribe: its URL is checked when it is saved. There is one kind, which is on and gets every click. */
export const subscriptionSchema = exactly({
  url: z
    .unknown()
    .describe('The URL that receives deliveries: http or https, with a public host')
    .meta({ type: 'string', format: 'uri', maxLength: MAX_HOOK_URL_LENGTH }),
});

/** A URL to check. It need not be saved, and the check itself says what is wrong with its host. */
export const checkSchema = exactly({
  url: z
    .unknown()
    .describe('The URL to check: http or https')
    .meta({ type: 'string', format: 'uri', maxLength: MAX_HOOK_URL_LENGTH }),
});

const savedAnswer = hookAnswer.extend({
  note: z
    .string()
    .optional()
    .describe(
      'Only for a chat tool: that it receives messages in its own format, and the page that describes it',
    ),
});

/** The webhooks of links and of workspaces. */
export const hooks = entity({
  folder: 'hooks',
  prefix: 'Hooks',
  endpoints: {
    list: {
      routes: {
        [`GET ${LINK_HOOKS}`]: { operationId: 'listLinkWebhooks', summary: 'List the webhooks of a link' },
        [`GET ${WORKSPACE_HOOKS}`]: {
          operationId: 'listWorkspaceWebhooks',
          summary: 'List the webhooks of a workspace',
        },
      },
      description: 'Lists the webhooks of a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query')],
      reference: {
        tag: 'Webhooks',
        description:
          'Returns the webhooks, oldest first. The webhooks of a workspace receive the clicks of all its links.',
        answers: { 200: json('The webhooks', z.array(hookAnswer)) },
      },
    },
    create: {
      routes: {
        [`POST ${LINK_HOOKS}`]: { operationId: 'createLinkWebhook', summary: 'Add a webhook to a link' },
        [`POST ${WORKSPACE_HOOKS}`]: {
          operationId: 'createWorkspaceWebhook',
          summary: 'Add a webhook to a workspace',
        },
      },
      description: 'Subscribes a webhook to a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query', 'PutItem', 'UpdateItem')],
      reference: {
        tag: 'Webhooks',
        description:
          'Subscribes a URL: it receives one POST for each click. A webhook of Slack, Discord, Microsoft Teams or Google Chat receives a message in its own format. Adding the same URL again changes nothing and returns 200.',
        body: subscriptionSchema,
        example: { url: URL_EXAMPLE },
        checksBody: true,
        answers: {
          200: json('The webhook. It already existed.', savedAnswer),
          201: json('The new webhook', savedAnswer),
        },
        conflicts: true,
      },
    },
    // By URL it takes a greedy path: the gateway decodes `%2F` before it routes.
    delete: {
      routes: {
        [`DELETE ${LINK_HOOKS}`]: {
          operationId: 'deleteLinkWebhookByUrl',
          summary: 'Delete a webhook of a link by its URL',
        },
        [`DELETE ${LINK_HOOKS}/{hook_id+}`]: {
          operationId: 'deleteLinkWebhook',
          summary: 'Delete a webhook of a link',
        },
        [`DELETE ${WORKSPACE_HOOKS}`]: {
          operationId: 'deleteWorkspaceWebhookByUrl',
          summary: 'Delete a webhook of a workspace by its URL',
        },
        [`DELETE ${WORKSPACE_HOOKS}/{hook_id+}`]: {
          operationId: 'deleteWorkspaceWebhook',
          summary: 'Delete a webhook of a workspace',
        },
      },
      description: 'Deletes a webhook of a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query', 'DeleteItem')],
      reference: {
        tag: 'Webhooks',
        description:
          'Deletes a webhook. Name it in the path, by its hook_id or by its percent-encoded URL, or by the query parameter `url`.',
        query: z.object({
          url: z.string().optional().describe('The URL of the webhook, if the path does not name it'),
        }),
        queryExample: { url: URL_EXAMPLE },
        answers: { 200: json('The deleted webhook', hookAnswer.extend(gone)) },
        conflicts: true,
      },
    },
    test: {
      routes: {
        [`POST ${LINK_HOOKS}/test`]: { operationId: 'testLinkWebhooks', summary: 'Send a test click' },
        [`POST ${WORKSPACE_HOOKS}/test`]: {
          operationId: 'testWorkspaceWebhooks',
          summary: 'Send a test click to the webhooks of a workspace',
        },
      },
      description: 'Sends a sample click to the webhooks of a link or a workspace',
      grants: [READ_LINKS, READ_WORKSPACES, ofOwners('Query')],
      clickItems: [{ actions: ['UpdateItem'], keys: ['TEST#*'] }],
      queue: true,
      reference: {
        tag: 'Webhooks',
        description:
          'Sends a sample click to the saved webhooks: those of the link and of its workspace, or those of the workspace alone, with a made-up link whose id is 0. The click is not counted. A link takes one test click per second, and so does a workspace.',
        answers: {
          200: json('There is no webhook to send to. Nothing was sent.', testAnswer),
          202: json('The test click is queued', testAnswer),
        },
      },
    },
    check: {
      routes: {
        [`POST ${LINK_HOOKS}/check`]: {
          operationId: 'checkLinkWebhook',
          summary: 'Check a URL with a sample click on a link',
        },
        [`POST ${WORKSPACE_HOOKS}/check`]: {
          operationId: 'checkWorkspaceWebhook',
          summary: 'Check a URL with a sample click',
        },
      },
      description: 'Delivers a sample click to one URL and says what happened',
      grants: [READ_LINKS, READ_WORKSPACES, { actions: ['GetItem'], keys: ['SECRETS#*'] }],
      clickItems: [{ actions: ['UpdateItem'], keys: ['TEST#*'] }],
      reference: {
        tag: 'Webhooks',
        description:
          'Delivers a sample click to this URL at once, exactly as a webhook of this link or workspace would receive it, and returns what happened. The URL need not be saved. Nothing is stored. The call takes up to 5 seconds. A workspace can check one URL per second.',
        body: checkSchema,
        example: { url: URL_EXAMPLE },
        checksBody: true,
        answers: { 200: json('What happened, whether the click was delivered or not', checkAnswer) },
      },
    },
  },
});
