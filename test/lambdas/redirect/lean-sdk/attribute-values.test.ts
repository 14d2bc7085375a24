import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fromAttributes, toAttributes } from '../../../../lambdas/redirect/lean-sdk/attribute-values.ts';
import { runs } from '../../../full-runs.ts';

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((value) => (Object.is(value, -0) ? 0 : value)),
);
const bytes = fc.uint8Array({ maxLength: 20 });
const name = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text !== '__proto__');

/** Anything that a table stores. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary', maxLength: 20 }),
    number,
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 100n }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    bytes,
    fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }).map((all) => new Set(all)),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }).map((all) => new Set(all)),
    fc.array(bytes, { minLength: 1, maxLength: 3 }).map((all) => new Set(all)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));
const item = fc.dictionary(name, value, { maxKeys: 6 });

/** Bytes as they are in JSON. */
const inJson = (attributes: unknown) =>
  JSON.parse(
    JSON.stringify(attributes, (_key, one) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one,
    ),
  );

describe('values of items', () => {
  test('become the attribute values that the SDK makes of them', () => {
    const property = fc.property(item, (values) => {
      const theirs = marshall(values, { removeUndefinedValues: true });
      expect(toAttributes(values)).toEqual(inJson(theirs));
    });
    fc.assert(property, { numRuns: runs(3_000, 500) });
  });

  test('come back as the SDK gives them', () => {
    const property = fc.property(item, (values) => {
      const attributes = marshall(values, { removeUndefinedValues: true });
      expect(fromAttributes(inJson(attributes))).toEqual(unmarshall(attributes));
    });
    fc.assert(property, { numRuns: runs(3_000, 500) });
  });

  test.each([
    ['no number', Number.NaN],
    ['an infinite one', Number.NEGATIVE_INFINITY],
    ['one that is not exact', 2 ** 60],
    ['an empty set', new Set()],
    ['a set of something else', new Set([{}])],
    ['a date', new Date(0)],
    ['a symbol', Symbol('s')],
  ])('are refused where the SDK refuses them: %s', (_title, wrong) => {
    expect(() => marshall({ wrong })).toThrow();
    expect(() => toAttributes({ wrong })).toThrow();
  });

  test.each([[{ S: undefined }], [{}], [{ X: '1' }]])('are refused in a response: %j', (attribute) => {
    expect(() => unmarshall({ a: attribute } as never)).toThrow();
    expect(() => fromAttributes({ a: attribute })).toThrow();
  });
});
