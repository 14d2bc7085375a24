import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { API_ROUTES } from '../api/routes.ts';
import type { Answer, Operation } from './answers.ts';
import { errorAnswer } from './answers.ts';
import { OPERATIONS } from './operations.ts';

type Json = Record<string, unknown>;

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

function operationOf(path: string, operation: Operation, components: Json): Json {
  const { tag, summary, query, body, answers } = operation;
  const error = { $ref: '#/components/responses/Error' };
  const successes = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components)]);
  const schema = body && schemaOf(body, 'input', components);
  const content = schema && {
    'application/json': { schema },
    'application/x-www-form-urlencoded': { schema },
  };
  return {
    tags: [tag],
    summary,
    parameters: [...pathParameters(path), ...queryParameters(query, components)],
    ...(content ? { requestBody: { required: !body?.safeParse(undefined).success, content } } : {}),
    responses: { ...Object.fromEntries(successes), '4XX': error, 500: error, 503: error },
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
  for (const { method, path } of API_ROUTES) {
    const operation = OPERATIONS[`${method} ${path}`];
    if (!operation) continue;
    const plain = plainPath(path);
    found[plain] = { ...found[plain], [method.toLowerCase()]: operationOf(path, operation, components) };
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
