import * as z from 'zod';

// One declaration contains everything about an endpoint. The gateway's routes, the functions and their permissions, the
// OpenAPI document, the response to unknown routes and the table of permissions in the docs are all derived from it.

/** DynamoDB actions on items whose partition keys match one of the patterns. */
export type ItemGrant = { actions: string[]; keys: string[] };

/** What a successful response contains. `text` is its type when it isn't JSON. */
export type Answer = { description: string; json?: z.ZodType; text?: string };

/**
 * What the API reference says of one route. `operationId` becomes the name of a method in generated clients. A route
 * without one is not in the reference.
 */
export type RouteText = { operationId?: string; summary: string };

/** What the API reference says about an endpoint, and how its input is checked. */
export type Reference = {
  tag: 'Links' | 'Clicks' | 'Webhooks' | 'Workspaces' | 'Domains';
  /** What a caller has to know, in Markdown. */
  description: string;
  query?: z.ZodObject;
  /** The schema of the body. An optional body may be missing. A strict one accepts no other members. */
  body?: z.ZodType;
  /** A body that works on a new local stack, where the link 1 exists. */
  example?: unknown;
  /** Query parameters that work there. A parameter without an example is left out. */
  queryExample?: Record<string, string | number>;
  /** Whether the handler itself checks the body, because it checks something else first or needs more than the schema. */
  checksBody?: true;
  /** Successful responses by status. */
  answers: Record<number, Answer>;
  /** Whether the state of an object can forbid the call: 409. */
  conflicts?: true;
};

/** One function of the stack and its routes. */
export type Endpoint = {
  /** Routes as `METHOD /path`, and what each does. */
  routes: Record<string, RouteText>;
  /** What the function does, in the stack. */
  description: string;
  /** Who may call it. Default: anyone with an API key. */
  access?: 'everybody' | 'iam';
  /** What the function may do with items of the main table, in addition to reading the API key. */
  grants?: ItemGrant[];
  /** What the function may do with items of the clicks table. */
  clickItems?: ItemGrant[];
  /** Whether the function lists the links of a workspace through the index. */
  index?: true;
  /** Whether the answer depends on the host of the request, which the CDN sends in a header of its own. */
  host?: true;
  /** Requests that the gateway accepts for each route of the endpoint. The default is in lib/http-api.ts. */
  throttle?: { perSecond: number; burst: number };
  /** Whether the function puts clicks on the queue. */
  queue?: true;
  /** Memory in megabytes. The default is in lib/function.ts. */
  memorySize?: number;
  /** After how many seconds Lambda stops the function. The default is in lib/function.ts; the gateway waits for 30. */
  timeoutSeconds?: number;
  reference?: Reference;
};

/** The endpoints of one entity. Their handlers are the exports of `<folder>/handlers.ts` with the same names. */
export type Entity<Endpoints extends Record<string, Endpoint> = Record<string, Endpoint>> = {
  folder: string;
  /** The prefix of its functions' names in the stack. */
  prefix: string;
  endpoints: Endpoints;
};

/** Declares the endpoints of an entity. Each endpoint keeps its own type. */
export const entity = <const Endpoints extends Record<string, Endpoint>>(
  declared: Entity<Endpoints>,
): Entity<Endpoints> => declared;

/** A response in JSON. */
export const json = (description: string, schema: z.ZodType): Answer => ({ description, json: schema });

/** The response after a deletion. */
export const gone = { deleted: z.literal(true).describe('Always true') };

/** A time in responses. */
export const time = z.iso
  .datetime()
  .describe('A time in UTC, ISO 8601')
  .meta({ examples: ['2027-01-31T12:00:00Z'] });

/** A numeric id in responses. */
export const answeredId = z.int().positive().describe('A number that never changes');

// Grants that endpoints of several entities need.

/** Reads a link by its id: first its location, then the link. */
export const READ_LINKS: ItemGrant = { actions: ['GetItem'], keys: ['LINK#*', 'SLUG#*'] };
/** Reads the settings of a workspace. */
export const READ_WORKSPACES: ItemGrant = { actions: ['GetItem'], keys: ['WORKSPACE#*'] };
