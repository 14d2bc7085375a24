import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../full-runs.ts';
import { type ApiDocument, readApiDocument } from './api-document.ts';
import { type LocalStack, startLocal } from './local-stack.ts';
import { anyJson, arbitraryOf } from './schema-arbitrary.ts';

const REQUESTS = runs(5_000, 300);
/** Ten times as long as this many requests take on a busy machine. */
const FUZZ_TIMEOUT_MS = 1_800_000;

let stack: LocalStack;
let api: ApiDocument;
let linkId: number;

beforeAll(async () => {
  stack = await startLocal();
  api = await readApiDocument(stack);
  linkId = (await stack.call('POST', '/link', { url: 'https://example.com/' })).body.id;
});

afterAll(async () => {
  await stack?.stop();
});

type Request = { method: string; path: string; body: string | undefined; type: string };

/** A part of a path or a query, more often than not one that exists. */
const part = (name: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(String(name === 'link_id' ? linkId : 1)) },
    { weight: 1, arbitrary: anyJson.map(textOf) },
    { weight: 1, arbitrary: fc.webUrl() },
  );

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

/** Requests to one operation: parameters, query, and a body as JSON, as a form, or as neither. */
function requestsTo(operation: string): fc.Arbitrary<Request> {
  const [method = '', template = ''] = operation.split(' ');
  const { requestBody, parameters = [] } = (api.document.paths[template]?.[method] ?? {}) as {
    requestBody?: { content: Record<string, { schema: object }> };
    parameters?: { name: string; in: string; schema: object }[];
  };
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const queries = inQuery.map(({ name, schema }) => [
    name,
    fc.oneof(arbitraryOf(schema), anyJson).map(textOf),
  ]);
  const schema = requestBody?.content['application/json']?.schema;
  const json = (schema ? fc.oneof({ weight: 8, arbitrary: arbitraryOf(schema) }, anyJson) : anyJson).map(
    (value) => JSON.stringify(value),
  );
  return fc
    .record({
      path: fc.record(Object.fromEntries(names.map((name) => [name, part(name)]))),
      query: fc.record(Object.fromEntries(queries), { requiredKeys: [] }),
      body:
        method === 'get'
          ? fc.constant(undefined)
          : fc.oneof({ weight: 8, arbitrary: json }, fc.string({ unit: 'binary' })),
      type: fc.oneof(
        { weight: 6, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom('application/x-www-form-urlencoded', 'text/plain') },
      ),
    })
    .map(({ path, query, body, type }) => {
      const filled = template.replaceAll(/\{(\w+)\}/g, (_match, name) => encoded((path as any)[name]) || '-');
      const search = Object.entries(query).map(([name, value]) => `${name}=${encoded(String(value))}`);
      return {
        method: method.toUpperCase(),
        path: `${filled}?${search.join('&')}`.slice(0, 6_000),
        body,
        type,
      };
    });
}

test(
  `none of ${REQUESTS} requests to the documented routes is a 5xx, and every error says what to change`,
  async () => {
    // Everything below is about the API. A request may trigger deliveries to a webhook, but nothing clicks.
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...api.operations).chain(requestsTo),
        async ({ method, path, body, type }) => {
          const answer = await fetch(stack.url + path, {
            method,
            headers: { authorization: 'Bearer ck_local', 'content-type': type },
            ...(body === undefined ? {} : { body }),
          });
          const text = await answer.text();
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) expect(JSON.parse(text).error.length).toBeGreaterThan(5);
        },
      ),
      { numRuns: REQUESTS },
    );
    // Not all requests were rejected early.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect(statuses.get(422) ?? 0).toBeGreaterThan(REQUESTS / 20);
  },
  FUZZ_TIMEOUT_MS,
);
