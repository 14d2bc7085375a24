/** The functions behind HTTP routes, named as in the stack. */
export type RouteFunction =
  | 'Redirect'
  | 'HooksCreate'
  | 'HooksList'
  | 'HooksDelete'
  | 'HooksTest'
  | 'LinksSave'
  | 'LinksGet'
  | 'LinksList'
  | 'LinksDelete'
  | 'LinksDeleteMany'
  | 'LinksExport'
  | 'WorkspacesList'
  | 'WorkspacesGet'
  | 'WorkspacesSave'
  | 'KeysList'
  | 'KeysCreate'
  | 'KeysRevoke'
  | 'SigningSecretShow'
  | 'SigningSecretRotate'
  | 'SigningSecretRemove'
  | 'DomainsList'
  | 'DomainsCreate'
  | 'DomainsDelete'
  | 'DomainsFavicon'
  | 'ApiDocument'
  | 'Dashboard'
  | 'UnknownRoute';

/** A route of the HTTP API. */
export type Route = { method: string; path: string; function: RouteFunction };

const route = (method: string, path: string, name: RouteFunction): Route => ({
  method,
  path,
  function: name,
});

const LINK_HOOKS = '/api/v1/link/{link_id}/webhooks';
const WORKSPACE_HOOKS = '/api/v1/workspace/{workspace_id}/webhooks';
const KEYS = '/api/v1/workspace/{workspace_id}/keys';
const SIGNING_SECRET = '/api/v1/workspace/{workspace_id}/signing-secret';

/** The REST API. Deleting by URL takes a greedy path: the gateway decodes `%2F` before it routes. */
export const API_ROUTES: readonly Route[] = [
  ...[LINK_HOOKS, WORKSPACE_HOOKS].flatMap((path) => [
    route('GET', path, 'HooksList'),
    route('POST', path, 'HooksCreate'),
    route('DELETE', path, 'HooksDelete'),
    route('DELETE', `${path}/{hook_id+}`, 'HooksDelete'),
  ]),
  route('POST', `${LINK_HOOKS}/test`, 'HooksTest'),
  route('POST', '/api/v1/link', 'LinksSave'),
  route('POST', '/api/v1/workspace/{workspace_id}/links', 'LinksSave'),
  route('GET', '/api/v1/link/{link_id}', 'LinksGet'),
  route('GET', '/api/v1/get_link/{link_id}', 'LinksGet'),
  route('GET', '/api/v1/workspace/{workspace_id}/list_links', 'LinksList'),
  route('GET', '/api/v1/workspace/{workspace_id}/links/export', 'LinksExport'),
  route('DELETE', '/api/v1/workspace/{workspace_id}/links', 'LinksDeleteMany'),
  route('DELETE', '/api/v1/workspace/{workspace_id}/links/{link_id}', 'LinksDelete'),
  route('GET', '/api/v1/workspaces', 'WorkspacesList'),
  route('GET', '/api/v1/workspace/{workspace_id}', 'WorkspacesGet'),
  route('PATCH', '/api/v1/workspace/{workspace_id}', 'WorkspacesSave'),
  route('GET', KEYS, 'KeysList'),
  route('POST', KEYS, 'KeysCreate'),
  route('DELETE', `${KEYS}/{prefix}`, 'KeysRevoke'),
  route('GET', SIGNING_SECRET, 'SigningSecretShow'),
  route('POST', SIGNING_SECRET, 'SigningSecretRotate'),
  route('DELETE', SIGNING_SECRET, 'SigningSecretRemove'),
  route('GET', '/api/v1/workspace/{workspace_id}/domains', 'DomainsList'),
  route('POST', '/api/v1/workspace/{workspace_id}/domains', 'DomainsCreate'),
  route('DELETE', '/api/v1/workspace/{workspace_id}/domains/{domain_id}', 'DomainsDelete'),
  route('PATCH', '/api/v1/workspace/{workspace_id}/domains/{domain_id}/favicon', 'DomainsFavicon'),
];

/** Pages and what tells about the API. No key is asked for. */
export const PAGE_ROUTES: readonly Route[] = [
  ['/api/v1/openapi.json', 'ApiDocument'] as const,
  ['/docs', 'ApiDocument'] as const,
  ['/docs/{file+}', 'ApiDocument'] as const,
  ['/app', 'Dashboard'] as const,
  ['/app/{path+}', 'Dashboard'] as const,
].flatMap(([path, name]) => [route('GET', path, name), route('HEAD', path, name)]);

/** What answers below /api when no other route does. */
export const API_CATCH_ALLS: readonly Route[] = [
  route('ANY', '/api', 'UnknownRoute'),
  route('ANY', '/api/{proxy+}', 'UnknownRoute'),
];

/** Short links. `/` and methods without a route of their own go to `$default`, which is redirect too. */
export const REDIRECT_ROUTES: readonly Route[] = [
  route('GET', '/{slug+}', 'Redirect'),
  route('HEAD', '/{slug+}', 'Redirect'),
  route('POST', '/{slug+}', 'Redirect'),
];
