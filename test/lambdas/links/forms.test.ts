import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { LIST_FIELDS } from '../../../lambdas/api/form.ts';
import { ENDPOINTS } from '../../../lambdas/endpoints.ts';
import { deleteMany, save } from '../../../lambdas/links/handlers.ts';
import { call } from '../call.ts';
import { engineTable } from '../engine-table.ts';
import { create, show } from './link-calls.ts';

const headers = { 'content-type': 'application/x-www-form-urlencoded' };
const LINK = 'url=https://example.com/&';
const RULE = { what: 'country', matches: 'US', url: 'https://us.example.com/' };
const JSON_RULE = encodeURIComponent(JSON.stringify(RULE));
const fields = (entry: string) =>
  `${entry}[what]=country&${entry}[matches]=US&${entry}[url]=https://us.example.com/`;
const dotted = (entry: string) => fields(entry).replace(/\[(\w+)\]=/g, '.$1=');
const table = engineTable();

const sendForm = (body: string) => call(save, { method: 'POST', headers, body });

test('the list fields of forms are the request fields that accept lists', () => {
  const lists = ENDPOINTS.flatMap(({ reference: { body } = {} }) => {
    if (!body) return [];
    const { $defs, anyOf, ...own } = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as any;
    const resolved = (one: any) => (one.$ref ? $defs[one.$ref.split('/').at(-1)] : one);
    const objects = (anyOf ?? [own])
      .map(resolved)
      .filter(({ properties }: { properties?: object }) => properties);
    return objects.flatMap(({ properties }: { properties: Record<string, any> }) =>
      Object.entries(properties)
        .filter(([, one]) => [one, ...(one.anyOf ?? [])].some(({ type }) => type === 'array'))
        .map(([name]) => name),
    );
  });
  expect(new Set(lists)).toEqual(LIST_FIELDS);
});

describe('rules in a form', () => {
  test.each([
    `rules=[${JSON_RULE}]`,
    `rules=${JSON_RULE}`,
    `rules[]=${JSON_RULE}`,
    `rules[0]=${JSON_RULE}`,
    `rules.0=${JSON_RULE}`,
    `rules[7]=${JSON_RULE}`,
    `rules[]=[${JSON_RULE}]`,
    `rules[]=&rules[]=${JSON_RULE}`,
    fields('rules[0]'),
    fields('rules[]'),
    dotted('rules.0'),
    dotted('rules[0]'),
    dotted('rules.900'),
    `rules[]=&${fields('rules[3]')}`,
  ])('are one rule: %s', async (form) => {
    expect((await sendForm(LINK + form)).body.rules).toEqual([RULE]);
  });

  test.each([`rules[]=${JSON_RULE}&rules[]=${JSON_RULE}`, `rules=${JSON_RULE}&rules=${JSON_RULE}`])(
    'are two rules: %s',
    async (form) => {
      expect((await sendForm(LINK + form)).body.rules).toEqual([RULE, RULE]);
    },
  );

  test.each(['rules[]=', 'rules=', 'rules[0]=', 'rules.0=+', 'rules[]=&rules[]=', 'rules=null', 'rules=[]'])(
    'are removed by %s',
    async (form) => {
      await create({ rules: [RULE] });
      expect((await sendForm(`id=1&${form}`)).status).toBe(200);
      expect((await show(1)).body.rules).toEqual([]);
    },
  );

  test.each([
    ['rules[2][what]=x&rules[5][what]=y', ['rules.2.what', 'rules.5.what']],
    ['rules.2.what=x&rules.5.what=y', ['rules.2.what', 'rules.5.what']],
    [`rules[4]=x&rules[2]=${JSON_RULE}`, ['rules.4']],
    [
      ['2', '5'].map((at) => `${fields(`rules[${at}]`)}`.replace('country', 'rotator')).join('&'),
      ['rules.2.percentage', 'rules.5.percentage'],
    ],
    [
      ['2', '5']
        .map((at) => `${fields(`rules[${at}]`)}&rules[${at}][percentage]=100`.replace('country', 'rotator'))
        .join('&'),
      ['rules.5.percentage'],
    ],
  ])('that are wrong are named by the index that was sent (case %#)', async (form, names) => {
    const { status, body } = await sendForm(LINK + form);
    expect(status).toBe(422);
    expect([...new Set(Object.keys(body.errors).filter((name) => !name.endsWith('.url')))]).toEqual(names);
  });

  test('are limited to a hundred, whatever their indexes are', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `rules[${index * 9}]=${JSON_RULE}`).join('&');
    expect((await sendForm(LINK + many(100))).body.rules).toHaveLength(100);
    expect((await sendForm(LINK + many(101))).body.errors).toEqual({
      rules: ['may contain at most 100 rules'],
    });
  });
});

describe('webhooks in a form', () => {
  test.each([
    'webhooks.0=https://a.example.com/&webhooks.1=https://b.example.com/',
    'webhooks[3]=https://a.example.com/&webhooks[900]=https://b.example.com/',
    'webhooks[]=&webhooks[]=https://a.example.com/&webhooks[]=https://b.example.com/',
  ])('are two webhooks: %s', async (form) => {
    expect((await sendForm(LINK + form)).body.webhooks).toEqual([
      'https://a.example.com/',
      'https://b.example.com/',
    ]);
  });

  test('that are wrong are named by the line that was sent', async () => {
    const { body } = await sendForm(`${LINK}webhooks[3]=x`);
    expect(body.errors.webhooks).toEqual([expect.stringMatching(/^line 4 /)]);
  });
});

describe('ids in a form', () => {
  const deleteForm = (body: string) => call(deleteMany, { method: 'DELETE', headers, body });

  test.each(['ids=1', 'ids[]=1', 'ids[]=&ids[]=1', 'ids[5]=1', 'ids.0=1'])('are one id: %s', async (form) => {
    await create();
    expect((await deleteForm(form)).body.deleted).toEqual([1]);
  });

  test.each([
    ['ids[]=', 'ids'],
    ['ids=', 'ids'],
    ['ids[2]=x&ids[4]=1', 'ids.2'],
  ])('that are not ids delete nothing: %s', async (form, name) => {
    await create();
    const writes = table.writes.length;
    const { status, body } = await deleteForm(form);
    expect([status, Object.keys(body.errors)]).toEqual([422, [name]]);
    expect(table.writes).toHaveLength(writes);
  });
});
