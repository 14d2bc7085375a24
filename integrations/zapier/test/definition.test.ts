import { expect, test } from '@jest/globals';
import { EU_COUNTRIES } from '../../../lambdas/clicks/visitor-values.ts';
import { FIELD_NAMES } from '../../../lambdas/links/link.ts';
import { app, command } from './zapier-app.ts';

test("the definition satisfies Zapier's schema", async () => {
  expect(await command('validate')).toEqual([]);
});

test('each field that creates or changes a link exists in the API', () => {
  for (const create of Object.values<any>(app.creates)) {
    const names = create.operation.inputFields
      .map(({ key }: { key: string }) => key)
      .filter((key: string) => !['link_id', 'link_search'].includes(key));
    expect(names.length).toBeGreaterThan(10);
    expect(FIELD_NAMES).toEqual(expect.arrayContaining(names));
  }
});

test('each sample has every output field, and no other except parameters of the click', () => {
  const steps = [app.triggers, app.creates, app.searches].flatMap((part) => Object.values<any>(part));
  const described = steps.filter(({ operation }) => operation.outputFields);
  expect(described).toHaveLength(6);
  for (const { operation } of described) {
    const names = Object.keys(operation.sample).filter((name) => !name.startsWith('param_'));
    expect(names).toEqual(operation.outputFields.map(({ key }: { key: string }) => key));
  }
});

test('the app knows the same members of the EU as Clickhook', async () => {
  const path = '../shapes/eu-countries.js';
  expect([...(await import(path)).EU_COUNTRIES]).toEqual(EU_COUNTRIES);
});
