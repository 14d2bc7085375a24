import * as z from 'zod';
import { answeredId, entity, gone, type ItemGrant, json, time } from '../api/endpoint.ts';
import { optionalUrl } from '../api/fields.ts';
import { domainName } from './domain.ts';

const DOMAINS = '/api/v1/workspace/{workspace_id}/domains';

const LIST_DOMAINS: ItemGrant[] = [
  { actions: ['Query'], keys: ['WORKSPACE#*'] },
  { actions: ['BatchGetItem'], keys: ['DOMAIN#*'] },
];

const EXAMPLE = {
  id: 1,
  name: 'go.example.com',
  host: 'go.example.com',
  favicon: null,
  inserted_at: '2027-01-31T12:00:00Z',
};

const domainAnswer = z
  .object({
    id: answeredId,
    name: z.string().describe('The host name'),
    host: z.string().describe('The host name again, as some clients expect it'),
    favicon: z.string().nullable().describe('URL of the icon, or null'),
    inserted_at: time,
  })
  .meta({ id: 'Domain', description: 'A custom domain of a workspace', examples: [EXAMPLE] });

const domainListAnswer = z
  .object({ domains: z.array(domainAnswer).describe('The custom domains of the workspace, oldest first') })
  .meta({
    id: 'DomainList',
    description: 'The custom domains of a workspace',
    examples: [{ domains: [EXAMPLE] }],
  });

const icon = (description: string) => optionalUrl.optional().describe(description);

/** The custom domains of a workspace. */
export const domains = entity({
  folder: 'domains',
  prefix: 'Domains',
  endpoints: {
    list: {
      routes: { [`GET ${DOMAINS}`]: { operationId: 'listDomains', summary: 'List custom domains' } },
      description: 'Lists the custom domains of a workspace',
      grants: LIST_DOMAINS,
      reference: {
        tag: 'Domains',
        description: 'Returns all custom domains of the workspace, oldest first.',
        answers: { 200: json('The custom domains', domainListAnswer) },
      },
    },
    create: {
      routes: { [`POST ${DOMAINS}`]: { operationId: 'addDomain', summary: 'Add a custom domain' } },
      description: 'Adds a custom domain to a workspace',
      grants: [
        ...LIST_DOMAINS,
        { actions: ['GetItem', 'PutItem'], keys: ['DOMAIN#*'] },
        { actions: ['GetItem', 'PutItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
        { actions: ['UpdateItem'], keys: ['COUNTER#DOMAIN'] },
      ],
      reference: {
        tag: 'Domains',
        description:
          'Adds a host name for short links. A domain belongs to one workspace. Clicks arrive once its DNS record and its certificate are set up: see docs/domains.md.',
        body: z.object({ name: domainName.describe('The full host name, such as go.example.com') }),
        example: { name: 'go.example.com' },
        answers: {
          200: json('The domain. The workspace already had it.', domainAnswer),
          201: json('The new domain', domainAnswer),
        },
        conflicts: true,
      },
    },
    delete: {
      routes: {
        [`DELETE ${DOMAINS}/{domain_id}`]: { operationId: 'deleteDomain', summary: 'Delete a custom domain' },
      },
      description: 'Deletes a custom domain of a workspace',
      grants: [...LIST_DOMAINS, { actions: ['DeleteItem'], keys: ['DOMAIN#*', 'WORKSPACE#*'] }],
      index: true,
      reference: {
        tag: 'Domains',
        description: 'Deletes a custom domain. It must have no links, neither in use nor in the trash.',
        answers: { 200: json('The deleted domain', domainAnswer.extend(gone)) },
        conflicts: true,
      },
    },
    favicon: {
      routes: {
        [`PATCH ${DOMAINS}/{domain_id}/favicon`]: {
          operationId: 'setDomainFavicon',
          summary: 'Set the icon of a custom domain',
        },
      },
      description: 'Sets the icon of a custom domain',
      grants: [...LIST_DOMAINS, { actions: ['UpdateItem'], keys: ['DOMAIN#*'] }],
      reference: {
        tag: 'Domains',
        description: 'Sets the image that /favicon.ico of the domain redirects to. Send null to remove it.',
        // Three names, because no source shows what clients call it.
        body: z.object({
          favicon: icon('URL of the image, or null'),
          favicon_url: icon('The same, under another name'),
          url: icon('The same, under another name'),
        }),
        example: { favicon: 'https://example.com/icon.png' },
        answers: { 200: json('The changed domain', domainAnswer) },
      },
    },
  },
});
