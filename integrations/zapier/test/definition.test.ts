import { readFile } from 'node:fs/promises';
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

const read = async (path: string) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

test('Zapier finds the entry point, which it imports by the name of the package', async () => {
  expect(await read('../package.json')).toMatchObject({ type: 'module', exports: './index.js' });
});

test("no package has files that Zapier's build leaves out", async () => {
  const { packages } = await read('../package-lock.json');
  const paths = Object.keys(packages).filter((path) => path !== '');
  expect(paths.length).toBeGreaterThan(50);
  // The build does not know this condition, but Node.js 22 does, and then misses the file.
  const left = await Promise.all(
    paths.map(async (path) => JSON.stringify((await read(`../${path}/package.json`)).exports ?? {})),
  );
  expect(paths.filter((_path, index) => left[index]?.includes('module-sync'))).toEqual([]);
});
