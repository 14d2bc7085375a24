import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { changedInput, NEW_LINK, valuesOf } from '../../../dashboard/src/link/link-values.ts';
import { clickedLink } from '../../../lambdas/clicks/click.ts';
import {
  countedLinkAnswer,
  exportedLinkAnswer,
  linkWithHooksAnswer,
} from '../../../lambdas/links/answers.ts';
import { DESCRIPTIONS } from '../../../lambdas/links/descriptions.ts';
import { linkFieldsSchema } from '../../../lambdas/links/fields.ts';
import {
  CLICK_COUNTS,
  FIELD_NAMES,
  IMPORTED_FIELDS,
  LINK_DEFAULTS,
  linkFromItem,
  PAYLOAD_FIELDS,
  publicLink,
  READ_ONLY_FIELDS,
} from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { sampleLink } from '../sample-link.ts';

const stored = sampleLink();
const BASE_URL = 'https://links.example.com';
const answered = { ...publicLink(stored, BASE_URL), webhooks: [] };

const text = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
const sections = await Promise.all(
  ['sections.tsx', 'rules-section.tsx'].map((name) => text(`dashboard/src/link/${name}`)),
);

/** The names of the link in the documented payload, in order. */
const documented = [...(await text('docs/payload.md')).matchAll(/^\| `link\.(\w+)`/gm)].map(
  ([, name]) => name,
);

describe.each(FIELD_NAMES)('the field %s of a link', (name) => {
  test('is accepted and answered, with the same description', () => {
    for (const { shape } of [linkFieldsSchema, linkWithHooksAnswer]) {
      expect(shape[name].description).toBe(DESCRIPTIONS[name]);
    }
    expect(answered).toHaveProperty(name);
  });

  test('has a default in a link whose item is older than the field, unless every link has a value', () => {
    const { [name]: _missing, ...older } = linkItem(stored);
    const { [name]: value } = linkFromItem(older);
    if (name === 'url' || name === 'slug') expect(value).toBeUndefined();
    else expect(value).toEqual(LINK_DEFAULTS[name]);
  });

  test('can be a column of a file to import', () => {
    expect(IMPORTED_FIELDS).toContain(name);
  });

  // The list of links has a button for the trash.
  const shown = name === 'deleted' ? 'has no control' : 'has a control';
  test(`${shown} in the dashboard’s form, which sends it only after a change`, () => {
    const control = new RegExp(`name="${name}"|form\\.set\\('${name}'\\)`);
    expect(sections.some((source) => control.test(source))).toBe(name !== 'deleted');
    const before = valuesOf(answered);
    expect(before).toHaveProperty(name);
    expect(typeof NEW_LINK[name]).toBe(typeof before[name]);
    expect(changedInput(before, before)).toEqual({});
    const value =
      typeof before[name] === 'boolean'
        ? !before[name]
        : typeof before[name] === 'string'
          ? '2027-01-31T12:00'
          : [{}];
    expect(Object.keys(changedInput(before, { ...before, [name]: value }))).toEqual([name]);
  });
});

test('a response has the fields that clients can set, the read-only ones, and in lists the counts', () => {
  const names = Object.keys(publicLink(stored, BASE_URL));
  expect(names).toEqual([
    ...['id', 'workspace_id', ...FIELD_NAMES],
    ...['inserted_at', 'updated_at', 'full_url', 'password'],
  ]);
  expect(new Set(names)).toEqual(new Set([...IMPORTED_FIELDS, ...READ_ONLY_FIELDS]));
  expect(Object.keys(countedLinkAnswer.shape)).toEqual([...names, ...CLICK_COUNTS, 'sparkline']);
  expect(Object.keys(exportedLinkAnswer.shape)).toEqual([...names, ...CLICK_COUNTS, 'clicks_count']);
});

test('the payload has its fields in the documented order', () => {
  const link = clickedLink(stored, 'https://links.example.com/sale', 'https://example.com/');
  expect(Object.keys(link)).toEqual(documented);
  const others = ['id', 'full_url', 'destination', 'workspace_id'];
  expect(documented.filter((name) => !others.includes(name ?? ''))).toEqual(PAYLOAD_FIELDS);
});

test.each([
  ['links/link.ts', /./],
  ['links/fields.ts', /@aws-sdk|@middy|undici|deliver\/|store\.ts|table\.ts/],
  ['hooks/hook.ts', /@aws-sdk|@middy|undici|deliver\/|store\.ts|table\.ts/],
])('%s loads nothing heavy', async (path, heavy) => {
  const { metafile } = await build({
    entryPoints: [`lambdas/${path}`],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
  });
  const loaded = Object.keys(metafile.inputs).filter((input) => !input.endsWith(path));
  expect(loaded.filter((input) => heavy.test(input))).toEqual([]);
});
