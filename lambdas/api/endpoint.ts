import * as z from 'zod';

// One declaration holds all that is known of an endpoint. The gateway's routes, the functions with their permissions,
// the OpenAPI document, the answer to unknown routes and the table of permissions in the docs derive from it.

/** Actions of DynamoDB on items whose partition keys match one of the patterns. */
export type ItemGrant = { actions: string[]; keys: string[] };

/** What a successful answer holds. `text` is its type when it isn't JSON. */
export type Answer = { description: string; json?: z.ZodType; text?: string };

/** What the API reference says of one route. `operationId` becomes the name of a method in generated clients. */
export type RouteText = { operationId?: string; summary: string };

/** What the API reference says of an endpoint, and how its input is checked. */
export type Reference = {
  tag: 'Links' | 'Webhooks' | 'Workspaces' | 'Domains';
  /** What a caller has to know, in Markdown. */
  description: string;
  query?: z.ZodObject;
  /** What is sent as the body. An optional body may be missing; a strict one has no other members. */
  body?: z.ZodType;
  /** A body that works on a new local stack, where the link 1 exists. */
  example?: unknown;
  /** Query parameters that work there. A parameter without an example is left out. */
  queryExample?: Record<string, string | number>;
  /** Whether the handler checks the body: after something else, or with more than the schema. */
  checksBody?: true;
  /** Successful answers by their status. */
  answers: Record<number, Answer>;
  /** Whether the state of an object can stand in the way of the call: 409. */
  conflicts?: true;
};

/** One function of the stack and all that leads to it. */
export type Endpoint = {
  /** Routes as `METHOD /path`, and what each does. */
  routes: Record<string, RouteText>;
  /** What the function does, in the stack. */
  description: string;
  /** Who may call it. Default: who has an API key. */
  access?: 'everybody' | 'iam';
  /** What it may do to items of the main table, beside reading the key of a call. */
  grants?: ItemGrant[];
  /** What it may do to items of the table of claims. */
  claims?: ItemGrant[];
  /** Whether it lists the links of a workspace, through the index. */
  index?: true;
  /** Whether it puts clicks on the queue. */
  queue?: true;
  /** Megabytes of memory. Default: what lib/function.ts says. */
  memorySize?: number;
  reference?: Reference;
};

/** Endpoints of one entity. Their handlers are the exports of `<folder>/handlers.ts` with the same names. */
export type Entity<Endpoints extends Record<string, Endpoint> = Record<string, Endpoint>> = {
  folder: string;
  /** What the names of its functions start with in the stack. */
  prefix: string;
  endpoints: Endpoints;
};

/** Declares the endpoints of an entity; each keeps the type of what it declares. */
export const entity = <const Endpoints extends Record<string, Endpoint>>(
  declared: Entity<Endpoints>,
): Entity<Endpoints> => declared;

/** An answer in JSON. */
export const json = (description: string, schema: z.ZodType): Answer => ({ description, json: schema });

/** What answers say beside what is gone. */
export const gone = { deleted: z.literal(true).describe('Always true') };

/** A time in answers. */
export const time = z.iso
  .datetime()
  .describe('A time in UTC, ISO 8601')
  .meta({ examples: ['2027-01-31T12:00:00Z'] });

/** A numeric id in answers. */
export const answeredId = z.int().positive().describe('A number that never changes');

// Grants that endpoints of several entities need.

/** Reads a link by its id: its location, then the link. */
export const READ_LINKS: ItemGrant = { actions: ['GetItem'], keys: ['LINK#*', 'SLUG#*'] };
/** Reads the settings of a workspace. */
export const READ_WORKSPACES: ItemGrant = { actions: ['GetItem'], keys: ['WORKSPACE#*'] };
