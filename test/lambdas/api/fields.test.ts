import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod';
import { parseBody } from '../../../lambdas/api/input.ts';
import { ClientError } from '../../../lambdas/errors.ts';
import {
  exportSchema,
  idsSchema,
  linkFieldsSchema,
  listingSchema,
  savedLinkSchema,
} from '../../../lambdas/links/fields.ts';
import { workspaceFieldsSchema } from '../../../lambdas/workspaces/fields.ts';

/** What is stored, or the wrong fields. */
function outcome(schema: z.ZodType, body: unknown): unknown {
  try {
    return parseBody(schema, body);
  } catch (error) {
    if (error instanceof ClientError) return Object.keys(error.fields ?? {});
    throw error;
  }
}

const rotator = (percentage: unknown) => ({
  rules: [{ what: 'rotator', url: 'https://a.example/', percentage }],
});

describe('a whole number', () => {
  const NUMBERS: [string, z.ZodType, (value: unknown) => object, string][] = [
    ['ids', idsSchema, (value) => ({ ids: [1, value] }), 'ids.1'],
    ['id', savedLinkSchema, (value) => ({ id: value }), 'id'],
    ['expiry_clicks', linkFieldsSchema, (value) => ({ expiry_clicks: value }), 'expiry_clicks'],
    ['percentage', linkFieldsSchema, rotator, 'rules.0.percentage'],
    ['page', listingSchema, (value) => ({ page: value }), 'page'],
    ['page_size', listingSchema, (value) => ({ page_size: value }), 'page_size'],
    ['cursor', exportSchema, (value) => ({ cursor: value }), 'cursor'],
  ];
  const NO_NUMBERS: unknown[] = [
    ...[true, false, [5], [[1]], {}, { valueOf: 1 }, [], 1.5, -1, 1e21, Number.MAX_SAFE_INTEGER + 1],
    ...['0x1', '1e0', '1.5', '1.0', '+1', '-1', '-0', ' ', '1 2', '1_000', '1,000', 'Infinity', 'NaN', 'x'],
    ...['１２', '٣', '²', '0b1', '0o7', '1n', '9'.repeat(17), '9007199254740993', '1\0'],
  ];
  const cases = NUMBERS.flatMap(([name, schema, body, at]) =>
    NO_NUMBERS.map((value) => [name, value, schema, body, at] as const),
  );

  test.each(cases)('in %s is not %j', (_name, value, schema, body, at) => {
    expect(outcome(schema, body(value))).toEqual([at]);
  });

  test.each([5, '5', ' 5 ', '05', 5.0])('in each of them may be %j', (value) => {
    for (const [name, schema, body] of NUMBERS) {
      expect([name, outcome(schema, body(value))]).toEqual([name, expect.not.arrayContaining([name])]);
      expect(JSON.stringify(outcome(schema, body(value)))).toContain('5');
    }
  });

  test.each([
    ['expiry_clicks', { expiry_clicks: 1e9 + 1 }],
    ['rules.0.percentage', rotator(101)],
  ])('of %s beyond its limit is rejected', (at, body) => {
    expect(outcome(linkFieldsSchema, body)).toEqual([at]);
  });

  test.each([
    [{ page: 0 }, ['page']],
    [{ page_size: '0' }, ['page_size']],
  ])('%j cannot be an entry of a list', (query, at) => {
    expect(outcome(listingSchema, query)).toEqual(at);
  });

  test.each(['1000', '1001', Number.MAX_SAFE_INTEGER])('as page_size %j is lowered to 1,000', (page_size) => {
    expect(outcome(listingSchema, { page_size })).toMatchObject({ page_size: 1_000 });
  });
});

describe('ids to delete', () => {
  test.each([
    [5, [5]],
    ['5', [5]],
    [
      ['1', 2],
      [1, 2],
    ],
  ])('of %j are %j', (ids, list) => {
    expect(outcome(idsSchema, { ids })).toEqual({ ids: list });
  });

  test.each([
    [true, ['ids.0']],
    [null, ['ids']],
    ['', ['ids']],
    ['1,2', ['ids.0']],
    [{ 0: 1 }, ['ids']],
    [[], ['ids']],
    [undefined, ['ids']],
    [Array(101).fill(1), ['ids']],
    [[null], ['ids.0']],
  ])('of %j are rejected', (ids, at) => {
    expect(outcome(idsSchema, { ids })).toEqual(at);
  });
});

describe('a flag', () => {
  const WORDS: [unknown[], boolean | undefined][] = [
    [[true, 1, '1', 'true', 'True', 'TRUE', 'yes', 'Yes', 'on', 'ON', ' true ', 't', 'y', 'enabled'], true],
    [[false, 0, '0', 'false', 'False', 'no', 'NO', 'off', 'Off', 'f', 'n', 'disabled'], false],
    [[null, '', '  '], undefined],
  ];
  const FLAGS: [string, z.ZodType][] = [
    ['enabled', linkFieldsSchema],
    ['deleted', linkFieldsSchema],
    ['cloaking', linkFieldsSchema],
    ['skip_crawlers', workspaceFieldsSchema],
  ];

  test.each(FLAGS)('%s is accepted in any spelling; null and blank change nothing', (name, schema) => {
    for (const [spellings, value] of WORDS) {
      for (const spelling of spellings)
        expect(outcome(schema, { [name]: spelling })).toEqual({ [name]: value });
    }
  });

  test.each(FLAGS)('%s accepts nothing else', (name, schema) => {
    for (const value of ['maybe', '2', 2, -1, 'truee', 'yes no', [true], {}, ['true'], 'ja', 'null', 1.5]) {
      expect([value, outcome(schema, { [name]: value })]).toEqual([value, [name]]);
    }
  });

  test('of a list accepts the same, and is false when it is blank or missing', () => {
    const deleted = (query: object) => (outcome(listingSchema, query) as { deleted?: boolean }).deleted;
    expect(['Yes', '1', 'on', 'OFF', ' ', null, undefined].map((one) => deleted({ deleted: one }))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(deleted({})).toBe(false);
    expect(outcome(listingSchema, { deleted: 'perhaps' })).toEqual(['deleted']);
  });
});

describe('rules', () => {
  const rule = { what: 'country', matches: 'US', url: 'https://a.example/' };

  test.each([
    ['null', null, []],
    ['a blank', ' ', []],
    ['JSON text', JSON.stringify([rule]), [rule]],
    ['JSON text of null', 'null', []],
    ['a list', [rule], [rule]],
  ])('of %s are a list', (_title, rules, stored) => {
    expect(outcome(linkFieldsSchema, { rules })).toEqual({ rules: stored });
  });

  test.each([
    ['{', ['rules']],
    ['{}', ['rules']],
    ['7', ['rules']],
    [7, ['rules']],
    [true, ['rules']],
    [rule, ['rules']],
    ['[7]', ['rules.0']],
    ['[{"what":"country"}]', ['rules.0.url']],
    [JSON.stringify([{ ...rule, matches: 'a\0' }]), ['rules.0.matches']],
    [JSON.stringify(Array(101).fill(rule)), ['rules']],
  ])('of %j are rejected', (rules, at) => {
    expect(outcome(linkFieldsSchema, { rules })).toEqual(at);
  });
});

describe('text', () => {
  const TEXTS = Object.keys(linkFieldsSchema.shape).filter(
    (name) =>
      ['name', 'note', 'head_tags', 'body_tags', 'password', 'og_title', 'og_description'].includes(name) ||
      name.startsWith('utm_'),
  ) as (keyof typeof linkFieldsSchema.shape)[];

  test.each(TEXTS)('%s contains neither NUL nor a lone surrogate, and line breaks stay', (name) => {
    expect(outcome(linkFieldsSchema, { [name]: 'a\0b' })).toEqual([name]);
    expect(outcome(linkFieldsSchema, { [name]: 'a\ud83d' })).toEqual({ [name]: 'a\ufffd' });
    expect(outcome(linkFieldsSchema, { [name]: 'a\ud83d\ude00\tb\nc\u0001' })).toEqual({
      [name]: 'a😀\tb\nc\u0001',
    });
  });

  test('anywhere in a request is cleaned in the same way', () => {
    const url = 'https://a.example/';
    expect(outcome(linkFieldsSchema, { url: `${url}\0` })).toEqual(['url']);
    expect(outcome(linkFieldsSchema, { slug: '/a\0', domain: 'a\0' })).toEqual(['slug', 'domain']);
    expect(outcome(linkFieldsSchema, { webhooks: [url, `${url}\0`] })).toEqual(['webhooks.1']);
    expect(outcome(linkFieldsSchema, { rules: [{ what: 'bot', matches: '\0', url }] })).toEqual([
      'rules.0.matches',
    ]);
    expect(outcome(workspaceFieldsSchema, { name: '\0', excluded_ips: ['\0'] })).toEqual([
      'name',
      'excluded_ips.0',
    ]);
    expect(outcome(listingSchema, { search: '\0' })).toEqual(['search']);
    expect(outcome(workspaceFieldsSchema, { name: '\udc00' })).toEqual({ name: '\ufffd' });
    expect(outcome(listingSchema, { search: '\ud800' })).toMatchObject({ search: '\ufffd' });
  });

  test('of unknown fields may contain anything', () => {
    expect(outcome(linkFieldsSchema, { unknown: '\0\ud800' })).toEqual({});
  });

  test.each(['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'name', 'og_title'])(
    '%s is stored without surrounding spaces',
    (name) => {
      expect(outcome(linkFieldsSchema, { [name]: ' \tnew  sale\n' })).toEqual({ [name]: 'new  sale' });
      expect(outcome(linkFieldsSchema, { [name]: '  ' })).toEqual({ [name]: null });
    },
  );

  test.each(['note', 'head_tags', 'body_tags', 'og_description', 'password'])('%s stays as it is', (name) => {
    expect(outcome(linkFieldsSchema, { [name]: ' a\n b ' })).toEqual({ [name]: ' a\n b ' });
  });
});

test('excluded addresses may be separated by every kind of line break', () => {
  const lines = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'];
  const [a, b, c, d, e] = lines;
  expect(outcome(workspaceFieldsSchema, { excluded_ips: `${a}\r\n${b}\r${c}\u2028${d}\u0085${e}` })).toEqual({
    excluded_ips: lines,
  });
});
