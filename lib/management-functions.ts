import type { RouteFunction } from '../lambdas/api/routes.ts';
import type { ItemGrant } from './table-grants.ts';

/**
 * A management function. `grants` is what it may do to the main table, `claims` to the table of claims, `index` says
 * that it lists a workspace's links, and `queues` that it puts clicks on the queue.
 */
export type FunctionDefinition = {
  entry: string;
  description: string;
  grants: ItemGrant[];
  claims?: ItemGrant[];
  index?: true;
  queues?: true;
};

const KEYS: ItemGrant = { actions: ['GetItem'], keys: ['KEY#*'] };
const READ_LINKS: ItemGrant = { actions: ['GetItem'], keys: ['LINK#*', 'SLUG#*'] };
const WRITE_LINKS: ItemGrant = { actions: ['PutItem', 'DeleteItem'], keys: ['LINK#*', 'SLUG#*'] };
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
const READ_WORKSPACES: ItemGrant = { actions: ['GetItem'], keys: ['WORKSPACE#*'] };
const LIST_DOMAINS: ItemGrant[] = [
  { actions: ['Query'], keys: ['WORKSPACE#*'] },
  { actions: ['BatchGetItem'], keys: ['DOMAIN#*'] },
];
const secrets = (...actions: string[]): ItemGrant => ({ actions, keys: ['SECRETS#*'] });
const LIST_KEYS: ItemGrant = { actions: ['Query'], keys: ['WORKSPACE#*'] };
const hooks = (...actions: string[]): ItemGrant => ({ actions, keys: ['LINK#*', 'WORKSPACE#*'] });

/** Every management function with all that it may do to the tables. */
export const MANAGEMENT_FUNCTIONS: Record<
  Exclude<RouteFunction, 'Redirect' | 'ApiDocument' | 'Dashboard' | 'UnknownRoute'>,
  FunctionDefinition
> = {
  HooksCreate: {
    entry: 'hooks/create.ts',
    description: 'Subscribes a webhook to a link or a workspace',
    grants: [KEYS, READ_LINKS, READ_WORKSPACES, hooks('Query', 'PutItem', 'UpdateItem')],
  },
  HooksList: {
    entry: 'hooks/list.ts',
    description: 'Lists the webhooks of a link or a workspace',
    grants: [KEYS, READ_LINKS, READ_WORKSPACES, hooks('Query')],
  },
  HooksDelete: {
    entry: 'hooks/delete.ts',
    description: 'Removes a webhook from a link or a workspace',
    grants: [KEYS, READ_LINKS, READ_WORKSPACES, hooks('Query', 'DeleteItem')],
  },
  HooksTest: {
    entry: 'hooks/test-click.ts',
    description: 'Sends a sample click to the webhooks of a link',
    grants: [KEYS, READ_LINKS],
    claims: [{ actions: ['UpdateItem'], keys: ['TEST#*'] }],
    queues: true,
  },
  LinksSave: {
    entry: 'links/save.ts',
    description: 'Creates and changes links',
    grants: [
      KEYS,
      READ_LINKS,
      WRITE_LINKS,
      { actions: ['GetItem'], keys: ['DOMAIN#*'] },
      COUNT_LINKS,
      // Other links that a link leads to.
      { actions: ['BatchGetItem'], keys: ['SLUG#*'] },
      { actions: ['Query'], keys: ['LINK#*'] },
      { actions: ['UpdateItem'], keys: ['COUNTER#LINK', 'LINK#*'] },
    ],
  },
  LinksGet: {
    entry: 'links/get.ts',
    description: 'Answers a link with its webhooks',
    grants: [KEYS, READ_LINKS, { actions: ['Query'], keys: ['LINK#*'] }],
  },
  LinksList: {
    entry: 'links/list.ts',
    description: 'Lists the links of a workspace',
    grants: [KEYS, READ_COUNTS, { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] }],
    index: true,
  },
  LinksDelete: {
    entry: 'links/delete.ts',
    description: 'Moves a link to the trash',
    grants: [KEYS, ...TRASH_LINKS],
  },
  LinksDeleteMany: {
    entry: 'links/delete-many.ts',
    description: 'Moves many links to the trash',
    grants: [KEYS, ...TRASH_LINKS],
  },
  LinksExport: {
    entry: 'links/export.ts',
    description: 'Exports the links of a workspace',
    grants: [KEYS, READ_COUNTS],
    index: true,
  },
  KeysList: {
    entry: 'keys/list.ts',
    description: 'Lists the API keys of a workspace by their first characters',
    grants: [KEYS, LIST_KEYS],
  },
  KeysCreate: {
    entry: 'keys/create.ts',
    description: 'Makes a further API key for a workspace',
    grants: [
      KEYS,
      LIST_KEYS,
      { actions: ['GetItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
      { actions: ['PutItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
    ],
  },
  KeysRevoke: {
    entry: 'keys/revoke.ts',
    description: 'Revokes an API key of a workspace',
    grants: [
      KEYS,
      LIST_KEYS,
      { actions: ['ConditionCheckItem'], keys: ['KEY#*'] },
      { actions: ['DeleteItem'], keys: ['KEY#*', 'WORKSPACE#*'] },
    ],
  },
  SigningSecretShow: {
    entry: 'signing-secrets/show.ts',
    description: 'Shows the secret that signs the posts of a workspace',
    grants: [KEYS, secrets('GetItem')],
  },
  SigningSecretRotate: {
    entry: 'signing-secrets/rotate.ts',
    description: 'Makes a new secret that signs the posts of a workspace',
    grants: [KEYS, secrets('GetItem', 'PutItem')],
  },
  SigningSecretRemove: {
    entry: 'signing-secrets/remove.ts',
    description: 'Ends the signing of the posts of a workspace',
    grants: [KEYS, secrets('GetItem', 'DeleteItem')],
  },
  DomainsList: {
    entry: 'domains/list.ts',
    description: 'Lists the custom domains of a workspace',
    grants: [KEYS, ...LIST_DOMAINS],
  },
  DomainsCreate: {
    entry: 'domains/create.ts',
    description: 'Gives a custom domain to a workspace',
    grants: [
      KEYS,
      ...LIST_DOMAINS,
      { actions: ['GetItem', 'PutItem'], keys: ['DOMAIN#*'] },
      { actions: ['GetItem', 'PutItem', 'UpdateItem'], keys: ['WORKSPACE#*'] },
      { actions: ['UpdateItem'], keys: ['COUNTER#DOMAIN'] },
    ],
  },
  DomainsDelete: {
    entry: 'domains/delete.ts',
    description: 'Takes a custom domain from a workspace',
    grants: [KEYS, ...LIST_DOMAINS, { actions: ['DeleteItem'], keys: ['DOMAIN#*', 'WORKSPACE#*'] }],
    index: true,
  },
  DomainsFavicon: {
    entry: 'domains/favicon.ts',
    description: 'Sets the icon of a custom domain',
    grants: [KEYS, ...LIST_DOMAINS, { actions: ['UpdateItem'], keys: ['DOMAIN#*'] }],
  },
  WorkspacesList: {
    entry: 'workspaces/list.ts',
    description: 'Answers the workspace of a key',
    grants: [KEYS, READ_WORKSPACES],
  },
  WorkspacesGet: {
    entry: 'workspaces/get.ts',
    description: 'Answers a workspace with its settings and webhooks',
    grants: [KEYS, READ_WORKSPACES, { actions: ['Query'], keys: ['WORKSPACE#*'] }],
  },
  WorkspacesSave: {
    entry: 'workspaces/save.ts',
    description: 'Changes the settings and webhooks of a workspace',
    grants: [
      KEYS,
      READ_WORKSPACES,
      { actions: ['UpdateItem', 'Query', 'PutItem', 'DeleteItem'], keys: ['WORKSPACE#*'] },
    ],
  },
};
