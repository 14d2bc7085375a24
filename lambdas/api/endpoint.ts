import * as z from 'zod';

// One declaration contains everything about an endpoint. The gateway's routes, the functions and their permissions, the
// OpenAPI document, the response to unknown routes and the table of permissions in the docs are all derived from it.

/** DynamoDB actions on items whose partition keys match one of the patterns. */
export type ItemGrant = { actions: string[]; keys: string[] };

/** What a successful response contains. `text` is a response of another type than JSON. */
export type Answer = { description: string; json?: z.ZodType; text?: string };

/** Errors that only some calls can have: the object is missing, its state forbids the call, or the input is wrong. */
export type ErrorStatus = 404 | 409 | 422;

/** What the API reference says about an endpoint, and how its input is checked. */
export type Reference = {
  tag: 'Links' | 'Webhooks' | 'Workspaces' | 'Domains';
  query?: z.ZodObject;
  /** The schema of the body. An optional body may be missing. A strict one accepts no other members. */
  body?: z.ZodType;
  /**
   * Whether the handler itself checks the body, because it checks something else first or needs more than the schema.
   */
  checksBody?: true;
  /** Successful responses by status. */
  answers: Record<number, Answer>;
  /**
   * The errors that this call can have, except those of every call: a wrong key, too many calls, an unreadable body.
   */
  errors: ErrorStatus[];
};

/** One function of the stack and its routes. */
export type Endpoint = {
  /** Routes as `METHOD /path`, each with a summary of what it does. */
  routes: Record<string, string>;
  /** What the function does. Appears in the stack and in the API reference. */
  description: string;
  /** Who may call it. Default: anyone with an API key. */
  access?: 'everybody' | 'iam';
  /** What the function may do with items of the main table, in addition to reading the API key. */
  grants?: ItemGrant[];
  /** What the function may do with items of the claims table. */
  claims?: ItemGrant[];
  /** Whether the function lists the links of a workspace through the index. */
  index?: true;
  /** Whether the function puts clicks on the queue. */
  queue?: true;
  /** Memory in megabytes. The default is in lib/function.ts. */
  memorySize?: number;
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
export const gone = { deleted: z.literal(true) };

/** A time in responses. */
export const time = z.iso.datetime().describe('UTC, ISO 8601');

/** A numeric id in responses. */
export const answeredId = z.int().positive();

// Grants that endpoints of several entities need.

/** Reads a link by its id: first its location, then the link. */
export const READ_LINKS: ItemGrant = { actions: ['GetItem'], keys: ['LINK#*', 'SLUG#*'] };
/** Reads the settings of a workspace. */
export const READ_WORKSPACES: ItemGrant = { actions: ['GetItem'], keys: ['WORKSPACE#*'] };
