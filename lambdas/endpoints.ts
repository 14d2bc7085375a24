import type { Endpoint, Entity, RouteText } from './api/endpoint.ts';
import { clicks } from './clicks/endpoints.ts';
import { domains } from './domains/endpoints.ts';
import { hooks } from './hooks/endpoints.ts';
import { keys } from './keys/endpoints.ts';
import { links } from './links/endpoints.ts';
import { publicStatistics } from './public-statistics/endpoints.ts';
import { signingSecrets } from './signing-secrets/endpoints.ts';
import { site } from './site/endpoints.ts';
import { workspaces } from './workspaces/endpoints.ts';

/** Every entity that has endpoints. */
const ENTITIES: Entity[] = [
  hooks,
  links,
  clicks,
  workspaces,
  keys,
  signingSecrets,
  domains,
  publicStatistics,
  site,
];

/** An endpoint as a function of the stack. */
export type DeclaredEndpoint = Endpoint & {
  /** Name of the function in the stack, such as `LinksSave`. */
  id: string;
  /** Source file below lambdas/, and its export that handles events. */
  entry: string;
  handler: string;
};

/** Every endpoint, in the order of their declarations. */
export const ENDPOINTS: DeclaredEndpoint[] = ENTITIES.flatMap(({ folder, prefix, endpoints }) =>
  Object.entries(endpoints).map(([name, endpoint]) => ({
    ...endpoint,
    id: prefix + name.charAt(0).toUpperCase() + name.slice(1),
    entry: `${folder}/handlers.ts`,
    handler: name,
  })),
);

/** A route of the HTTP API, and the endpoint that it leads to. */
export type Route = RouteText & { method: string; path: string; endpoint: DeclaredEndpoint };

/** Every route that leads to an endpoint. The routes of short links are in lib/http-api.ts. */
export const ROUTES: Route[] = ENDPOINTS.flatMap((endpoint) =>
  Object.entries(endpoint.routes).map(([route, text]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, path, ...text, endpoint };
  }),
);

/** The routes that the API reference describes. */
export const DOCUMENTED_ROUTES = ROUTES.filter(
  ({ operationId, endpoint }) => operationId !== undefined && endpoint.reference !== undefined,
);

/** The routes of the REST API that ask for a key. */
export const API_ROUTES = ROUTES.filter(({ endpoint }) => endpoint.access === undefined);
