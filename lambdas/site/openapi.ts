import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { type Answer, answeredId, type ErrorStatus, type Reference } from '../api/endpoint.ts';
import { API_ROUTES, type Route } from '../endpoints.ts';

type Json = Record<string, unknown>;

/** Whatever went wrong, in the one shape that all errors have. */
const errorAnswer = z
  .object({
    error: z.string().describe('What to change, in one sentence'),
    code: z.string(),
    errors: z.record(z.string(), z.array(z.string())).optional().describe('Sentences by field'),
    message: z.string().optional().describe('With 429: the sentence, for error is a word then'),
    current_usage: z.int().optional().describe('With 429: calls of this key in this minute'),
    limit: z.int().optional().describe('With 429: calls that a key may make in a minute'),
    links: z
      .array(z.unknown())
      .optional()
      .describe('With partly_saved: each saved link at its place, or its error'),
    deleted: z
      .array(answeredId)
      .optional()
      .describe('With partly_deleted: the links that are in the trash now'),
    not_found: z.array(answeredId).optional().describe('With partly_deleted: ids of no link'),
    not_deleted: z.array(answeredId).optional().describe('With partly_deleted: the ids to send again'),
  })
  .meta({ id: 'Error' });

const OPTIONS = { target: 'draft-2020-12', unrepresentable: 'any' } as const;

/** A schema with its shared parts, those that have an id, put into `components` and referred to there. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const written = JSON.stringify(z.toJSONSchema(schema, { ...OPTIONS, io }));
  const referring = written.replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _dialect, $defs, ...own } = JSON.parse(referring);
  Object.assign(components, $defs);
  return own;
}

/** `{hook_id+}` is greedy at the gateway; OpenAPI knows no such thing. */
const plainPath = (path: string) => path.replaceAll('+}', '}');

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined, components: Json): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description ? { description } : {}),
    schema,
  }));
}

function answerOf({ description, json, text }: Answer, components: Json): Json {
  const content = {
    ...(json ? { 'application/json': { schema: schemaOf(json, 'output', components) } } : {}),
    ...(text ? { [text]: { schema: { type: 'string' } } } : {}),
  };
  return { description, content };
}

const ERRORS: Record<ErrorStatus, string> = {
  404: 'It does not exist, or belongs to another workspace',
  409: 'Its state does not allow this; the sentence says what to do',
  422: 'Input is wrong; errors says what to change, by field',
};

/** What can go wrong: what every call shares, and what the endpoint declares. */
function errorsOf({ errors }: Reference): Json {
  const shared = { $ref: '#/components/responses/Error' };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  const own = errors.map((status) => [status, { description: ERRORS[status], content }]);
  return { ...Object.fromEntries(own), '4XX': shared, 500: shared, 503: shared };
}

function operationOf({ path, summary, endpoint }: Route, reference: Reference, components: Json): Json {
  const { tag, query, body, answers } = reference;
  const successes = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components)]);
  const schema = body && schemaOf(body, 'input', components);
  const content = schema && {
    'application/json': { schema },
    'application/x-www-form-urlencoded': { schema },
  };
  return {
    tags: [tag],
    summary,
    description: endpoint.description,
    parameters: [...pathParameters(path), ...queryParameters(query, components)],
    ...(content ? { requestBody: { required: !body?.safeParse(undefined).success, content } } : {}),
    responses: { ...Object.fromEntries(successes), ...errorsOf(reference) },
  };
}

const SECURITY: Record<string, Json> = {
  bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer KEY' },
  basic: { type: 'http', scheme: 'basic', description: 'The key is the user, the password is blank' },
  header: { type: 'apiKey', in: 'header', name: 'X-API-KEY' },
  query: { type: 'apiKey', in: 'query', name: 'api_key' },
};

function paths(components: Json): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const route of API_ROUTES) {
    const { reference } = route.endpoint;
    if (!reference) continue;
    const plain = plainPath(route.path);
    found[plain] = {
      ...found[plain],
      [route.method.toLowerCase()]: operationOf(route, reference, components),
    };
  }
  return found;
}

/** The OpenAPI 3.1 document of the REST API, made of the schemas that check requests and of those of the answers. */
export function openApiDocument() {
  const components: Json = {};
  const error = schemaOf(errorAnswer, 'output', components);
  const described = paths(components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clickhook',
      version: packageJson.version,
      description: 'Short links, and webhooks that are posted when they are clicked.',
    },
    // Whatever host the document comes from.
    servers: [{ url: '/' }],
    security: Object.keys(SECURITY).map((name) => ({ [name]: [] })),
    paths: described,
    components: {
      schemas: components,
      responses: {
        Error: {
          description: 'What went wrong, and what to change',
          content: { 'application/json': { schema: error } },
        },
      },
      securitySchemes: SECURITY,
    },
  };
}
