import * as z from 'zod';
import { answeredId, entity, gone, type ItemGrant, json, time } from '../api/endpoint.ts';
import { optionalUrl } from '../api/fields.ts';
import { domainName } from './domain.ts';

const DOMAINS = '/api/v1/workspace/{workspace_id}/domains';

const LIST_DOMAINS: ItemGrant[] = [
  { actions: ['Query'], keys: ['WORKSPACE#*'] },
  { actions: ['BatchGetItem'], keys: ['DOMAIN#*'] },
];

const domainAnswer = z
  .object({
    id: answeredId,
    name: z.string(),
    host: z.string(),
    favicon: z.string().nullable(),
    inserted_at: time,
  })
  .meta({ id: 'Domain' });

/** The custom domains of a workspace. */
export const domains = entity({
  folder: 'domains',
  prefix: 'Domains',
  endpoints: {
    list: {
      routes: { [`GET ${DOMAINS}`]: 'List the custom domains of a workspace, oldest first' },
      description: 'Lists the custom domains of a workspace',
      grants: LIST_DOMAINS,
      reference: {
        tag: 'Domains',
        answers: { 200: json('The domains', z.array(domainAnswer)) },
        errors: [404],
      },
    },
    create: {
      routes: { [`POST ${DOMAINS}`]: 'Add a custom domain' },
      description: 'Gives a custom domain to a workspace',
      grants: [
        ...LIST_DOMAINS,
        { actions: ['GetItem', 'PutItem'], keys: ['DOMAIN#*'] },
        { actions: ['GetItem', 'PutItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
        { actions: ['UpdateItem'], keys: ['COUNTER#DOMAIN'] },
      ],
      reference: {
        tag: 'Domains',
        body: z.object({ name: domainName }),
        answers: {
          200: json('The domain, which existed already', domainAnswer),
          201: json('The domain', domainAnswer),
        },
        errors: [404, 409, 422],
      },
    },
    delete: {
      routes: { [`DELETE ${DOMAINS}/{domain_id}`]: 'Remove a custom domain that no link is on' },
      description: 'Takes a custom domain from a workspace',
      grants: [...LIST_DOMAINS, { actions: ['DeleteItem'], keys: ['DOMAIN#*', 'WORKSPACE#*'] }],
      index: true,
      reference: {
        tag: 'Domains',
        answers: { 200: json('The domain that is gone', domainAnswer.extend(gone)) },
        errors: [404, 409],
      },
    },
    favicon: {
      routes: { [`PATCH ${DOMAINS}/{domain_id}/favicon`]: 'Set the icon of a custom domain' },
      description: 'Sets the icon of a custom domain',
      grants: [...LIST_DOMAINS, { actions: ['UpdateItem'], keys: ['DOMAIN#*'] }],
      reference: {
        tag: 'Domains',
        // By one of three names: no source shows what clients call it.
        body: z.object({
          favicon: optionalUrl.optional(),
          favicon_url: optionalUrl.optional(),
          url: optionalUrl.optional(),
        }),
        answers: { 200: json('The domain', domainAnswer) },
        errors: [404, 422],
      },
    },
  },
});
