import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { type Answer, answeredId, type Reference } from '../api/endpoint.ts';
import { DOCUMENTED_ROUTES, type Route } from '../endpoints.ts';
import { ERROR_ANSWERS, errorAnswer, errorStatuses } from './error-answers.ts';

type Json = Record<string, unknown>;

const OPTIONS = { target: 'draft-2020-12', unrepresentable: 'any' } as const;

/** A schema whose shared parts, those with an id, are moved to `components` and referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const written = JSON.stringify(z.toJSONSchema(schema, { ...OPTIONS, io }));
  const referring = written.replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _dialect, $defs, ...own } = JSON.parse(referring);
  Object.assign(components, $defs);
  return own;
}

/** `{hook_id+}` is a greedy parameter of the gateway. OpenAPI has none. */
const plainPath = (path: string) => path.replaceAll('+}', '}');

/** What each parameter of a path is. The examples exist on a new local stack, or the calls before return them. */
const PATH_PARAMETERS: Record<string, Json> = {
  workspace_id: {
    description: 'The id of the workspace: the one that the API key belongs to',
    example: 1,
    schema: z.toJSONSchema(answeredId),
  },
  link_id: { description: 'The id of the link', example: 1, schema: z.toJSONSchema(answeredId) },
  domain_id: { description: 'The id of the domain', example: 1, schema: z.toJSONSchema(answeredId) },
  hook_id: {
    description: 'The hook_id of the webhook, or its URL, percent-encoded',
    example: '0123456789abcdef0123456789abcdef',
    schema: { type: 'string' },
  },
  counter: {
    description: 'What to count by',
    example: 'country',
    schema: { type: 'string' },
  },
  prefix: {
    description: 'The prefix of the key, from the list of keys',
    example: 'ck_examp0123abcd',
    schema: { type: 'string' },
  },
};

/** @throws Error for a parameter that PATH_PARAMETERS doesn't describe */
function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => {
    const parameter = PATH_PARAMETERS[name];
    if (!parameter) throw new Error(`Describe the path parameter ${name} in lambdas/site/openapi.ts`);
    const { $schema: _dialect, description: _shared, ...schema } = parameter.schema as Json;
    return { name, in: 'path', required: true, ...parameter, schema };
  });
}

function queryParameters({ query, queryExample = {} }: Reference, components: Json): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    ...(name in queryExample ? { example: queryExample[name] } : {}),
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

function requestBody({ body, example }: Reference, components: Json): Json {
  if (!body) return {};
  const content = { schema: schemaOf(body, 'input', components), ...(example ? { example } : {}) };
  return {
    requestBody: {
      required: !body.safeParse(undefined).success,
      content: { 'application/json': content, 'application/x-www-form-urlencoded': content },
    },
  };
}

function operationOf(
  { method, path, operationId, summary, endpoint }: Route,
  reference: Reference,
  components: Json,
): Json {
  const { tag, description, answers } = reference;
  const successes = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components)]);
  const keyless = endpoint.access === 'everybody';
  const errors = errorStatuses(method, reference, keyless).map((status) => [
    status,
    { $ref: `#/components/responses/${ERROR_ANSWERS[status]?.name}` },
  ]);
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(keyless ? { security: [] } : {}),
    parameters: [...pathParameters(path), ...queryParameters(reference, components)],
    ...requestBody(reference, components),
    responses: Object.fromEntries([...successes, ...errors]),
  };
}

function paths(components: Json): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const route of DOCUMENTED_ROUTES) {
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

/** The answers to errors, which operations refer to. */
function errorResponses(components: Json): Json {
  const schema = schemaOf(errorAnswer, 'output', components);
  return Object.fromEntries(
    Object.values(ERROR_ANSWERS).map(({ name, description, example }) => [
      name,
      {
        description,
        content: { 'application/json': { schema, example } },
      },
    ]),
  );
}

const TAGS = [
  { name: 'Links', description: 'Create, change, list, export and delete short links.' },
  { name: 'Webhooks', description: 'Decide which URLs receive clicks, test them, and sign deliveries.' },
  { name: 'Workspaces', description: 'Settings and API keys of your workspace.' },
  { name: 'Clicks', description: 'Recorded clicks: reports and exports.' },
  { name: 'Domains', description: 'Custom domains for short links.' },
];

const SECURITY = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'Send your API key as `Authorization: Bearer KEY`. The key of a new local stack is `ck_local`. Existing clients may send it in other ways instead: as the user name of Basic authentication, in the header `X-API-KEY`, in the query parameter `api_key`, in the body field `api_key`, or as the whole header `Authorization`, without `Bearer`.',
  },
};

/** The OpenAPI 3.1 document of the REST API. It derives from the schemas that check requests and those of the answers. */
export function openApiDocument() {
  const components: Json = {};
  const responses = errorResponses(components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clickhook API',
      version: packageJson.version,
      description:
        'Create short links, and receive each click as a webhook. Bodies are JSON or forms. Every error is JSON, and its `error` says what to change.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // The host that served the document.
    servers: [{ url: '/', description: 'This server' }],
    tags: TAGS,
    security: Object.keys(SECURITY).map((name) => ({ [name]: [] })),
    paths: paths(components),
    components: { schemas: components, responses, securitySchemes: SECURITY },
  };
}
