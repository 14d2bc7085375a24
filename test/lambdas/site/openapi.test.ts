import { describe, expect, jest, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { errorBody } from '../../../lambdas/api/answer.ts';
import { countCall } from '../../../lambdas/api/authentication.ts';
import { serviceErrorBody } from '../../../lambdas/api/service-errors.ts';
import { rejectDirectAccess } from '../../../lambdas/edge.ts';
import { API_ROUTES, DOCUMENTED_ROUTES } from '../../../lambdas/endpoints.ts';
import { type ClientError, Unavailable } from '../../../lambdas/errors.ts';
import { ERROR_ANSWERS } from '../../../lambdas/site/error-answers.ts';
import { openApiDocument } from '../../../lambdas/site/openapi.ts';
import { logger } from '../../../lambdas/telemetry.ts';

type Node = Record<string, any>;

const document: Node = JSON.parse(JSON.stringify(openApiDocument()));
const operations: [string, Node][] = Object.entries<Node>(document.paths).flatMap(([path, methods]) =>
  Object.entries<Node>(methods).map(([method, operation]): [string, Node] => [
    `${method} ${path}`,
    operation,
  ]),
);

/** Every node of the document, with the way to it. */
function* nodes(node: unknown, path = ''): Generator<[string, Node]> {
  if (typeof node !== 'object' || node === null) return;
  yield [path, node as Node];
  for (const [name, child] of Object.entries(node)) yield* nodes(child, `${path}/${name}`);
}

/** A schema, or the one that it refers to. */
function resolved(schema: Node): Node {
  if (typeof schema.$ref !== 'string') return schema;
  return { ...document.components.schemas[schema.$ref.split('/').at(-1) ?? ''], ...schema };
}

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(document);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test('it has every route of the API that asks for a key, those that are documented without one, and no other', () => {
  for (const route of API_ROUTES) expect(DOCUMENTED_ROUTES).toContain(route);
  const routes = DOCUMENTED_ROUTES.map(
    ({ method, path }) => `${method.toLowerCase()} ${path.replace('+}', '}')}`,
  );
  expect(routes.length).toBeGreaterThan(20);
  expect(operations.map(([name]) => name).sort()).toEqual([...routes].sort());
});

describe('every operation', () => {
  test.each(operations)('%s has a name, a summary, a description and its errors', (_name, operation) => {
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
    expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(operation.description).toMatch(/^[A-Z][\s\S]*\.$/);
    const statuses = Object.keys(operation.responses);
    expect(statuses).toEqual(expect.arrayContaining(['400', '404', '422', '500', '503']));
    // An empty list of security schemes means that the operation asks for no key.
    const ofKeys = operation.security === undefined ? ['401', '429'] : [];
    expect(statuses.filter((status) => ['401', '429'].includes(status))).toEqual(ofKeys);
    for (const status of statuses) expect(status).toMatch(/^[2-5]\d\d$/);
  });

  test('asks for a key, except reading public statistics', () => {
    const open = operations.filter(([, { security }]) => security !== undefined);
    expect(open.map(([name, { security }]) => [name, security])).toEqual([
      ['get /api/v1/public/statistics', []],
    ]);
  });

  test('has a name of its own', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(operations)('%s describes its parameters', (_name, operation) => {
    for (const { description } of operation.parameters) expect(description).toMatch(/^[A-Z]/);
  });
});

const properties = [...nodes(document)].flatMap(([path, node]) =>
  node.properties && typeof node.properties === 'object' && !path.endsWith('/properties')
    ? Object.entries<Node>(node.properties).map(([name, schema]): [string, Node] => [
        `${path}/${name}`,
        schema,
      ])
    : [],
);

test('every property of every schema is described', () => {
  expect(properties.length).toBeGreaterThan(200);
  const silent = properties.filter(([, schema]) => !resolved(schema).description).map(([path]) => path);
  expect(silent).toEqual([]);
});

describe('every example is what its schema says', () => {
  const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'document', components: document.components });
  const examples = [...nodes(document)].flatMap(([path, { example, examples: several, schema, ...node }]) => {
    if (example !== undefined && schema) return [[path, schema, example] as const];
    if (Array.isArray(several)) return several.map((one) => [path, { ...node, schema }, one] as const);
    return [];
  });

  test.each(examples)('%s', (_path, schema, example) => {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
    expect(validate(example) ? [] : validate.errors).toEqual([]);
  });

  test('and every schema of an answer has one', () => {
    const answers = JSON.stringify(operations.map(([, { responses }]) => responses));
    const without = Object.entries<Node>(document.components.schemas)
      .filter(([name, { examples: several }]) => !several && answers.includes(`/schemas/${name}"`))
      .map(([name]) => name);
    expect(without).toEqual([]);
  });
});

test('the examples of errors that no client causes alone are what the functions answer', () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  process.env.CLICKHOOK_EDGE_ONLY = '1';
  process.env.CLICKHOOK_BASE_URL = 'https://go.example.com';
  const closed = rejectDirectAccess({});
  delete process.env.CLICKHOOK_EDGE_ONLY;
  const call = { requestId: 'aBcDeFgHiJkLmNo=', writes: false };
  const limited = () => {
    for (;;) countCall('sha256', 0);
  };
  let rate: unknown;
  try {
    limited();
  } catch (error) {
    rate = error;
  }
  expect([403, 429, 500, 503].map((status) => ERROR_ANSWERS[status]?.example)).toEqual([
    errorBody(closed as ClientError),
    errorBody(rate as ClientError),
    serviceErrorBody(new TypeError(), call),
    serviceErrorBody(new Unavailable(''), call),
  ]);
});

test('one security scheme says how to send the key', () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual(['apiKey']);
  expect(document.components.securitySchemes.apiKey.description).toContain('Authorization: Bearer KEY');
});
