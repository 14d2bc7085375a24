import * as z from 'zod';
import { entity, type ItemGrant, json, READ_LINKS } from '../api/endpoint.ts';
import {
  countedLinkAnswer,
  deletionSchema,
  exportSchema,
  linkListAnswer,
  linkWithHooksAnswer,
  listingSchema,
  MAX_LINKS_PER_CALL,
  savedLinkSchema,
} from './fields.ts';

const READ_COUNTS: ItemGrant = { actions: ['BatchGetItem'], keys: ['LINK#*'] };
/** Items that count links: the workspace, and the domain that they are on. */
const COUNT_LINKS: ItemGrant = { actions: ['UpdateItem'], keys: ['DOMAIN#*', 'WORKSPACE#*'] };
const TRASH_LINKS: ItemGrant[] = [
  READ_LINKS,
  { actions: ['Query'], keys: ['LINK#*'] },
  { actions: ['PutItem', 'DeleteItem'], keys: ['SLUG#*'] },
  { actions: ['UpdateItem'], keys: ['LINK#*'] },
  COUNT_LINKS,
];

/** Everything that clients do with links. */
export const links = entity({
  folder: 'links',
  prefix: 'Links',
  endpoints: {
    save: {
      routes: {
        'POST /api/v1/link': { operationId: 'saveLink', summary: 'Create or change a link' },
        'POST /api/v1/workspace/{workspace_id}/links': {
          operationId: 'saveLinks',
          summary: 'Create or change one link or many',
        },
      },
      description: 'Creates and changes links',
      grants: [
        READ_LINKS,
        { actions: ['PutItem', 'DeleteItem'], keys: ['LINK#*', 'SLUG#*'] },
        { actions: ['GetItem'], keys: ['DOMAIN#*'] },
        COUNT_LINKS,
        // Other links that a link leads to.
        { actions: ['BatchGetItem'], keys: ['SLUG#*'] },
        { actions: ['Query'], keys: ['LINK#*'] },
        { actions: ['UpdateItem'], keys: ['COUNTER#LINK', 'LINK#*'] },
      ],
      reference: {
        tag: 'Links',
        description: `Without \`id\` this creates a link. With \`id\` it changes the fields that you send; the others stay as they are. Fields that Clickhook does not know are ignored. An array saves up to ${MAX_LINKS_PER_CALL} links and returns an array.`,
        example: { url: 'https://example.com/landing-page', name: 'Sale', utm_source: 'newsletter' },
        body: z.union([savedLinkSchema, z.array(savedLinkSchema).max(MAX_LINKS_PER_CALL)]),
        checksBody: true,
        answers: {
          200: json(
            'The saved link, or an array of them',
            z.union([linkWithHooksAnswer, z.array(linkWithHooksAnswer)]),
          ),
        },
        conflicts: true,
      },
    },
    get: {
      routes: {
        'GET /api/v1/link/{link_id}': { operationId: 'getLink', summary: 'Get a link' },
        'GET /api/v1/get_link/{link_id}': {
          operationId: 'getLinkByOldPath',
          summary: 'Get a link, by the path of older clients',
        },
      },
      description: 'Returns a link with its webhooks',
      grants: [READ_LINKS, { actions: ['Query'], keys: ['LINK#*'] }],
      reference: {
        tag: 'Links',
        description: 'Returns the link with the URLs of its webhooks. Links in the trash can be read, too.',
        answers: { 200: json('The link', linkWithHooksAnswer) },
      },
    },
    list: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/list_links': {
          operationId: 'listLinks',
          summary: 'List links with the numbers of their clicks',
        },
      },
      description: 'Lists the links of a workspace',
      grants: [READ_COUNTS, { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] }],
      index: true,
      reference: {
        tag: 'Links',
        description:
          'Returns a page of links. Walk the pages from 1 to `total_pages`: a page may hold fewer links than you asked for, because an answer has at most 6 MB.',
        query: listingSchema,
        queryExample: { page: 1, page_size: 50, sort_by: 'inserted_at' },
        answers: { 200: json('A page of links', linkListAnswer) },
      },
    },
    export: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/links/export': {
          operationId: 'exportLinks',
          summary: 'Export links as JSON or CSV',
        },
      },
      description: 'Exports the links of a workspace',
      grants: [READ_COUNTS],
      index: true,
      reference: {
        tag: 'Links',
        description:
          'Returns the links in use, oldest first. When the answer has the header `x-next-cursor`, send its value as `cursor` to get the next part.',
        query: exportSchema,
        queryExample: { format: 'json' },
        answers: { 200: { description: 'The links', json: z.array(countedLinkAnswer), text: 'text/csv' } },
      },
    },
    deleteMany: {
      routes: {
        'DELETE /api/v1/workspace/{workspace_id}/links': {
          operationId: 'deleteLinks',
          summary: 'Move links to the trash',
        },
      },
      description: 'Moves many links to the trash',
      grants: TRASH_LINKS,
      reference: {
        tag: 'Links',
        description: `Moves up to ${MAX_LINKS_PER_CALL} links to the trash, where they keep their slugs.`,
        body: deletionSchema,
        example: { ids: [1] },
        answers: {
          200: json(
            'The links that are in the trash now',
            z.object({
              message: z.string().describe('A sentence for people'),
              deleted: z.array(z.int()).describe('The ids of the links that are in the trash now'),
              not_found: z.array(z.int()).describe('The ids that no link of the workspace has'),
            }),
          ),
        },
      },
    },
    delete: {
      routes: {
        'DELETE /api/v1/workspace/{workspace_id}/links/{link_id}': {
          operationId: 'deleteLink',
          summary: 'Move a link to the trash',
        },
      },
      description: 'Moves a link to the trash',
      grants: TRASH_LINKS,
      reference: {
        tag: 'Links',
        description:
          'Moves a link to the trash, where it keeps its slug. To restore it, save it with `deleted: false`.',
        answers: { 200: json('A sentence for people', z.string()) },
        conflicts: true,
      },
    },
  },
});
