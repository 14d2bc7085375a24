import * as z from 'zod';
import { entity, json, READ_LINKS } from '../api/endpoint.ts';
import {
  exportedLinkAnswer,
  linkListAnswer,
  linkWithHooksAnswer,
  restoredAnswer,
  savedOneAnswer,
  trashedAnswer,
  wholeLinkAnswer,
} from './answers.ts';
import {
  exportSchema,
  idsSchema,
  linkFieldsSchema,
  listingSchema,
  MAX_LINKS_PER_CALL,
  savedLinkSchema,
} from './fields.ts';
import { CHANGE_LINKS, LIST_COUNTS, READ_DESTINATIONS, TRASH_LINKS } from './grants.ts';

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
        'POST /api/v1/links': {
          operationId: 'saveLinksOfKey',
          summary: 'Create or change one link or many, in the workspace of the key',
        },
      },
      description: 'Creates and changes links',
      grants: [...CHANGE_LINKS, { actions: ['UpdateItem'], keys: ['COUNTER#LINK'] }],
      reference: {
        tag: 'Links',
        description: `Without \`id\` this creates a link. With \`id\` it changes the fields that you send; the others stay as they are. Fields that Clickhook does not know are ignored. An array saves up to ${MAX_LINKS_PER_CALL} links and returns an array: each link has \`status\`, and itself once more in \`link\`.`,
        example: { url: 'https://example.com/landing-page', name: 'Sale', utm_source: 'newsletter' },
        body: z.union([savedLinkSchema, z.array(savedLinkSchema).max(MAX_LINKS_PER_CALL)]),
        checksBody: true,
        answers: {
          200: json(
            'The saved link, or an array of them',
            z.union([linkWithHooksAnswer, z.array(savedOneAnswer)]),
          ),
        },
        conflicts: true,
      },
    },
    update: {
      routes: {
        'PATCH /api/v1/workspace/{workspace_id}/links/{link_id}': {
          operationId: 'updateLink',
          summary: 'Change a link',
        },
      },
      description: 'Changes a link',
      grants: CHANGE_LINKS,
      reference: {
        tag: 'Links',
        description:
          'Changes the fields that you send; the others stay as they are. Fields that Clickhook does not know are ignored.',
        body: linkFieldsSchema,
        example: { name: 'Summer sale' },
        checksBody: true,
        answers: { 200: json('The changed link', linkWithHooksAnswer) },
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
      description: 'Returns a link with its webhooks and counts',
      grants: [READ_LINKS, { actions: ['Query'], keys: ['LINK#*'] }],
      reference: {
        tag: 'Links',
        description:
          'Returns the link with the URLs of its webhooks and the numbers of its clicks. Links in the trash can be read, too.',
        answers: { 200: json('The link', wholeLinkAnswer) },
      },
    },
    list: {
      routes: {
        'GET /api/v1/workspace/{workspace_id}/list_links': {
          operationId: 'listLinks',
          summary: 'List links with the numbers of their clicks',
        },
        'GET /api/v1/workspace/{workspace_id}/links': {
          operationId: 'listWorkspaceLinks',
          summary: 'List links, by the path that also saves them',
        },
      },
      description: 'Lists the links of a workspace',
      grants: [LIST_COUNTS, { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] }],
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
      grants: [LIST_COUNTS],
      index: true,
      reference: {
        tag: 'Links',
        description:
          'Returns the links in use, oldest first. When the answer has the header `x-next-cursor`, send its value as `cursor` to get the next part.',
        query: exportSchema,
        queryExample: { format: 'json' },
        answers: { 200: { description: 'The links', json: z.array(exportedLinkAnswer), text: 'text/csv' } },
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
        body: idsSchema,
        example: { ids: [1] },
        answers: {
          200: json('The links that are in the trash now', trashedAnswer),
        },
      },
    },
    restore: {
      routes: {
        'POST /api/v1/workspace/{workspace_id}/links/restore': {
          operationId: 'restoreLinks',
          summary: 'Restore links from the trash',
        },
      },
      description: 'Restores many links from the trash',
      grants: [...TRASH_LINKS, READ_DESTINATIONS],
      reference: {
        tag: 'Links',
        description: `Restores up to ${MAX_LINKS_PER_CALL} links from the trash and enables them. Links in use stay as they are.`,
        body: idsSchema,
        example: { ids: [1] },
        answers: {
          200: json('The links that are in use now', restoredAnswer),
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
          'Moves a link to the trash, where it keeps its slug. To restore it, call …/links/restore, or save it with `deleted: false`.',
        answers: { 200: json('A sentence for people', z.string()) },
        conflicts: true,
      },
    },
  },
});
