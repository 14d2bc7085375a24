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

const SAVE =
  'Create a link, or change the fields sent of the link whose id is in the body; an array saves up to 100';

/** Everything that clients do with links. */
export const links = entity({
  folder: 'links',
  prefix: 'Links',
  endpoints: {
    save: {
      routes: { 'POST /api/v1/link': SAVE, 'POST /api/v1/workspace/{workspace_id}/links': SAVE },
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
        body: z.union([savedLinkSchema, z.array(savedLinkSchema).max(MAX_LINKS_PER_CALL)]),
        checksBody: true,
        answers: {
          200: json('The link, or the links', z.union([linkWithHooksAnswer, z.array(linkWithHooksAnswer)])),
        },
        errors: [404, 409, 422],
      },
    },
    get: {
      routes: {
        'GET /api/v1/link/{link_id}': 'Get a link with the URLs of its webhooks',
        'GET /api/v1/get_link/{link_id}': 'Get a link with the URLs of its webhooks',
      },
      description: 'Answers a link with its webhooks',
      grants: [READ_LINKS, { actions: ['Query'], keys: ['LINK#*'] }],
      reference: { tag: 'Links', answers: { 200: json('The link', linkWithHooksAnswer) }, errors: [404] },
    },
    list: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/list_links': 'List links with their counts of clicks',
      },
      description: 'Lists the links of a workspace',
      grants: [READ_COUNTS, { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] }],
      index: true,
      reference: {
        tag: 'Links',
        query: listingSchema,
        answers: { 200: json('A page of links', linkListAnswer) },
        errors: [404, 422],
      },
    },
    export: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/links/export':
          'Export links; the header x-next-cursor says where to go on',
      },
      description: 'Exports the links of a workspace',
      grants: [READ_COUNTS],
      index: true,
      reference: {
        tag: 'Links',
        query: exportSchema,
        answers: { 200: { description: 'Links', json: z.array(countedLinkAnswer), text: 'text/csv' } },
        errors: [404, 422],
      },
    },
    deleteMany: {
      routes: { 'DELETE /api/v1/workspace/{workspace_id}/links': 'Move links to the trash' },
      description: 'Moves many links to the trash',
      grants: TRASH_LINKS,
      reference: {
        tag: 'Links',
        body: deletionSchema,
        answers: {
          200: json(
            'What became of them',
            z.object({ message: z.string(), deleted: z.array(z.int()), not_found: z.array(z.int()) }),
          ),
        },
        errors: [404, 422],
      },
    },
    delete: {
      routes: {
        'DELETE /api/v1/workspace/{workspace_id}/links/{link_id}':
          'Move a link to the trash, where it keeps its slug',
      },
      description: 'Moves a link to the trash',
      grants: TRASH_LINKS,
      reference: {
        tag: 'Links',
        answers: { 200: json('A sentence that says so', z.string()) },
        errors: [404, 409],
      },
    },
  },
});
