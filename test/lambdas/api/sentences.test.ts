import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { parseBody } from '../../../lambdas/api/input.ts';
import { ENDPOINTS } from '../../../lambdas/endpoints.ts';
import { ClientError } from '../../../lambdas/errors.ts';
import { create as createWorkspace } from '../../../lambdas/workspaces/handlers.ts';
import { anyJson } from '../../end-to-end/schema-arbitrary.ts';
import { runs } from '../../full-runs.ts';
import { engineTable } from '../engine-table.ts';

engineTable();

/** The object schemas that a request schema consists of. */
function objectsOf(schema: z.ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodObject) return [schema];
  if (schema instanceof z.ZodOptional) return objectsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(objectsOf);
  return [];
}

const REQUESTS = ENDPOINTS.flatMap(({ id, reference: { body, query } = {} }) =>
  [...(body ? objectsOf(body) : []), ...(query ? [query] : [])].map((schema) => ({ name: id, schema })),
);

/** Words of the validator's own texts. */
const VALIDATOR = /expected|received|Invalid|Too (small|big)|Unrecognized|nonoptional|undefined|NaN/;
/** A sentence continues after the name of its field. A sentence about a used slug begins with the slug. */
const HOUSE_FORM = /^(must|may|is|has|holds|names|line \d+|\/\S*) /;

function sentencesOf(schema: z.ZodType, body: unknown): string[] {
  try {
    parseBody(schema, body);
    return [];
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    expect([400, 422]).toContain(error.status);
    return Object.values(error.fields ?? {}).flat();
  }
}

function expectOurWords(sentences: string[]) {
  for (const sentence of sentences) {
    expect(sentence).toMatch(HOUSE_FORM);
    // A value of the client may appear in a sentence about a slug.
    if (!sentence.startsWith('/')) expect(sentence).not.toMatch(VALIDATOR);
  }
}

const rule = fc.record(
  { what: anyJson, matches: anyJson, url: anyJson, percentage: anyJson },
  { requiredKeys: [] },
);
const value = fc.oneof(
  { weight: 4, arbitrary: anyJson },
  fc.constantFrom(undefined, null, true, -1, 1.5, 1e21, '0x1', '1e0', '２', [], {}, [[1]], [null]),
  fc.array(fc.oneof(anyJson, rule), { maxLength: 3 }),
);

describe('every request', () => {
  test('is covered by this test', () => {
    expect(new Set(REQUESTS.map(({ name }) => name)).size).toBeGreaterThan(7);
  });

  test.each(REQUESTS)('to $name gets sentences of ours, whatever it contains', ({ schema }) => {
    const names = Object.keys(schema.shape);
    const body = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
      },
      { weight: 1, arbitrary: value },
    );
    fc.assert(
      fc.property(body, (sent) => expectOurWords(sentencesOf(schema, sent))),
      { numRuns: runs(300, 60) },
    );
  });

  test.each(REQUESTS)('to $name without any fields names what is missing', ({ schema }) => {
    expectOurWords(sentencesOf(schema, {}));
  });
});

test('a schema without sentences of its own gets ours, for each kind of error', () => {
  const bare = z.object({
    text: z.string().min(2).max(3),
    format: z.email(),
    number: z.number().min(1).max(2).multipleOf(1),
    list: z.array(z.boolean()).min(1).max(2),
    object: z.strictObject({ a: z.literal(1) }),
    either: z.union([z.string(), z.number()]),
    one: z.enum(['a', 'b']),
    map: z.record(z.string(), z.int()),
    checked: z.string().refine(() => false),
    last: z.string(),
  });
  const names = Object.keys(bare.shape);
  const body = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  fc.assert(
    fc.property(body, (sent) => expectOurWords(sentencesOf(bare, sent))),
    { numRuns: runs(500, 100) },
  );
  expectOurWords(
    sentencesOf(bare, { text: 'a', number: 0.5, list: [], object: { a: 2, b: 3 }, one: 'c', checked: '' }),
  );
});

test('the function that creates a workspace also answers with sentences of ours', async () => {
  for (const workspace_id of [0, -1, '0x1', 'a', true, null, [1], 1.5, 2 ** 53]) {
    const answer = await createWorkspace({ workspace_id });
    expect(answer).toMatchObject({
      code: 'invalid_input',
      error: expect.stringMatching(/^workspace_id: must be/),
    });
  }
});

describe('a body with very many errors', () => {
  test.each([
    ['rules', Array(100).fill({ what: 7, url: 7 })],
    ['rules', Array(300_000).fill(0)],
    ['webhooks', Array(300_000).fill(0)],
  ])('in %s gets a hundred sentences at most', (name, many) => {
    const [{ schema } = { schema: z.never() }] = REQUESTS.filter(({ schema: one }) => name in one.shape);
    const sentences = sentencesOf(schema, { url: 'https://example.com/', [name]: many });
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.length).toBeLessThanOrEqual(100);
  });

  test('in a list of addresses gets one sentence', () => {
    const [{ schema } = { schema: z.never() }] = REQUESTS.filter(
      ({ schema: one }) => 'excluded_ips' in one.shape,
    );
    expect(
      sentencesOf(schema, { excluded_ips: 'x\n'.repeat(100_000).replaceAll('x', () => `${Math.random()}`) }),
    ).toEqual(['may contain at most 200 entries']);
  });
});
