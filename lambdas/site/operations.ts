import * as z from 'zod';
import { domainRequestSchema, faviconRequestSchema } from '../domains/requests.ts';
import { subscriptionSchema } from '../hooks/requests.ts';
import {
  deletionSchema,
  exportSchema,
  listingSchema,
  MAX_LINKS_PER_CALL,
  savedLinkSchema,
} from '../links/requests.ts';
import { workspaceFieldsSchema } from '../workspaces/fields.ts';
import { ACCESS_OPERATIONS } from './access-operations.ts';
import {
  type Answer,
  countedLinkAnswer,
  domainAnswer,
  gone,
  hookAnswer,
  linkWithHooksAnswer,
  listAnswer,
  type Operation,
  settingsAnswer,
  testClickAnswer,
  workspaceAnswer,
} from './answers.ts';

const json = (description: string, schema: z.ZodType): Answer => ({ description, json: schema });

const saveLink: Operation = {
  tag: 'Links',
  summary: 'Make a link, or with an id in the body change the fields sent; an array saves up to 100',
  body: z.union([savedLinkSchema, z.array(savedLinkSchema).max(MAX_LINKS_PER_CALL)]),
  answers: {
    200: json('The link, or the links', z.union([linkWithHooksAnswer, z.array(linkWithHooksAnswer)])),
  },
};
const getLink: Operation = {
  tag: 'Links',
  summary: 'Get a link with the URLs of its webhooks',
  answers: { 200: json('The link', linkWithHooksAnswer) },
};
const goneHook = json('The webhook that is gone', hookAnswer.extend(gone));

function hookOperations(owner: string): Record<string, Operation> {
  const of = owner === 'link' ? 'a link' : 'a workspace';
  const path = `/api/v1/${owner}/{${owner}_id}/webhooks`;
  return {
    [`GET ${path}`]: {
      tag: 'Webhooks',
      summary: `List the webhooks of ${of}, oldest first`,
      answers: { 200: json('The webhooks', z.array(hookAnswer)) },
    },
    [`POST ${path}`]: {
      tag: 'Webhooks',
      summary: `Subscribe a URL to the clicks of ${of}`,
      body: subscriptionSchema,
      answers: {
        200: json('The webhook, which was there already', hookAnswer),
        201: json('The webhook', hookAnswer),
      },
    },
    [`DELETE ${path}`]: {
      tag: 'Webhooks',
      summary: `Remove a webhook of ${of} by its URL`,
      query: z.object({ url: z.string() }),
      answers: { 200: goneHook },
    },
    [`DELETE ${path}/{hook_id+}`]: {
      tag: 'Webhooks',
      summary: `Remove a webhook of ${of} by its hook_id, or by its URL percent-encoded`,
      answers: { 200: goneHook },
    },
  };
}

/** Every call of the API, by the route that takes it. */
export const OPERATIONS: Record<string, Operation> = {
  ...hookOperations('link'),
  ...hookOperations('workspace'),
  'POST /api/v1/link/{link_id}/webhooks/test': {
    tag: 'Webhooks',
    summary: 'Send a sample click to the webhooks of a link; once a second, not counted',
    answers: { 202: json('What is on its way', testClickAnswer) },
  },
  'POST /api/v1/link': saveLink,
  'POST /api/v1/workspace/{workspace_id}/links': saveLink,
  'GET /api/v1/link/{link_id}': getLink,
  'GET /api/v1/get_link/{link_id}': getLink,
  'GET /api/v1/workspace/{workspace_id}/list_links': {
    tag: 'Links',
    summary: 'List links with their counts of clicks',
    query: listingSchema,
    answers: { 200: json('A page of links', listAnswer) },
  },
  'GET /api/v1/workspace/{workspace_id}/links/export': {
    tag: 'Links',
    summary: 'Export links; the header x-next-cursor says where to go on',
    query: exportSchema,
    answers: { 200: { description: 'Links', json: z.array(countedLinkAnswer), text: 'text/csv' } },
  },
  'DELETE /api/v1/workspace/{workspace_id}/links': {
    tag: 'Links',
    summary: 'Move links to the trash',
    body: deletionSchema,
    answers: {
      200: json(
        'What became of them',
        z.object({ message: z.string(), deleted: z.array(z.int()), not_found: z.array(z.int()) }),
      ),
    },
  },
  'DELETE /api/v1/workspace/{workspace_id}/links/{link_id}': {
    tag: 'Links',
    summary: 'Move a link to the trash, where it keeps its slug',
    answers: { 200: json('A sentence that says so', z.string()) },
  },
  'GET /api/v1/workspaces': {
    tag: 'Workspaces',
    summary: 'List the workspaces that the key sees: its own',
    answers: { 200: json('The workspace', z.array(workspaceAnswer)) },
  },
  'GET /api/v1/workspace/{workspace_id}': {
    tag: 'Workspaces',
    summary: 'Get a workspace with its settings',
    answers: { 200: json('The workspace', settingsAnswer) },
  },
  'PATCH /api/v1/workspace/{workspace_id}': {
    tag: 'Workspaces',
    summary: 'Change settings of a workspace; those not sent stay',
    body: workspaceFieldsSchema,
    answers: { 200: json('The workspace', settingsAnswer) },
  },
  ...ACCESS_OPERATIONS,
  'GET /api/v1/workspace/{workspace_id}/domains': {
    tag: 'Domains',
    summary: 'List the custom domains of a workspace, oldest first',
    answers: { 200: json('The domains', z.array(domainAnswer)) },
  },
  'POST /api/v1/workspace/{workspace_id}/domains': {
    tag: 'Domains',
    summary: 'Add a custom domain',
    body: domainRequestSchema,
    answers: {
      200: json('The domain, which was there already', domainAnswer),
      201: json('The domain', domainAnswer),
    },
  },
  'DELETE /api/v1/workspace/{workspace_id}/domains/{domain_id}': {
    tag: 'Domains',
    summary: 'Remove a custom domain that no link is on',
    answers: { 200: json('The domain that is gone', domainAnswer.extend(gone)) },
  },
  'PATCH /api/v1/workspace/{workspace_id}/domains/{domain_id}/favicon': {
    tag: 'Domains',
    summary: 'Set the icon of a custom domain',
    body: faviconRequestSchema,
    answers: { 200: json('The domain', domainAnswer) },
  },
};
