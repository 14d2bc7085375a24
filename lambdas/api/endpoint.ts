import * as z from 'zod';

// One declaration holds all that is known of an endpoint. The gateway's routes, the functions with their permissions,
// the OpenAPI document, the answer to unknown routes and the table of permissions in the docs derive from it.

/** Actions of DynamoDB on items whose partition keys match one of the patterns. */
export type ItemGrant = { actions: string[]; keys: string[] };

/** What a successful answer holds; `text` is what has another type than JSON. */
export type Answer = { description: string; json?: z.ZodType; text?: string };

/** Errors that not every call can have: the object is missing, its state forbids the call, or the input is wrong. */
export type ErrorStatus = 404 | 409 | 422;

/** What the API reference says of an endpoint, and how its input is checked. */
export type Reference = {
  tag: 'Links' | 'Webhooks' | 'Workspaces' | 'Domains';
  query?: z.ZodObject;
  /** What is sent as the body. An optional body may be missing; a strict one has no other members. */
  body?: z.ZodType;
  /** Whether the handler checks the body: after something else, or with more than the schema. */
  checksBody?: true;
  /** Successful answers by their status. */
  answers: Record<number, Answer>;
  /** What can go wrong beside what can with every call: a wrong key, too many calls, a body that can't be read. */
  errors: ErrorStatus[];
};

/** One function of the stack and all that leads to it. */
export type Endpoint = {
  /** Routes as `METHOD /path`, each with a summary of what it does. */
  routes: Record<string, string>;
  /** What the function does, in the stack and in the API reference. */
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
export const gone = { deleted: z.literal(true) };

/** A time in answers. */
export const time = z.iso.datetime().describe('UTC, ISO 8601');

/** A numeric id in answers. */
export const answeredId = z.int().positive();

// Grants that endpoints of several entities need.

/** Reads a link by its id: its location, then the link. */
export const READ_LINKS: ItemGrant = { actions: ['GetItem'], keys: ['LINK#*', 'SLUG#*'] };
/** Reads the settings of a workspace. */
export const READ_WORKSPACES: ItemGrant = { actions: ['GetItem'], keys: ['WORKSPACE#*'] };
