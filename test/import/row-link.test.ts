import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readColumns } from '../../import/csv-file.ts';
import { differing, fingerprint, linkOfRow } from '../../import/row-link.ts';
import { linkFieldsSchema } from '../../lambdas/links/fields.ts';
import { export as handler } from '../../lambdas/links/handlers.ts';
import { IMPORTED_FIELDS, type Link, publicLink } from '../../lambdas/links/link.ts';
import { linkItem } from '../../lambdas/links/link-items.ts';
import { runs } from '../full-runs.ts';
import { engineTable, KEY } from '../lambdas/engine-table.ts';
import { httpEvent } from '../lambdas/http-event.ts';
import { sampleLink } from '../lambdas/sample-link.ts';
import { readCsv } from './csv-text.ts';

/** The link of one row, by the names of its cells. */
function linkOf(cells: Record<string, string>) {
  const row = { url: 'https://example.com/', slug: '/sale', ...cells };
  return linkOfRow(readColumns('links.csv', Object.keys(row)), Object.values(row));
}

describe('a cell', () => {
  test.each([
    ['name', "'=1+1", '=1+1'],
    ['name', "'@home", '@home'],
    ['name', "'\tx", 'x'],
    ['note', "'\tx", '\tx'],
    ['name', "'\uff1dx", '\uff1dx'],
    ['name', "'tis", "'tis"],
    ['name', "''=x", "''=x"],
    ['name', '=1+1', '=1+1'],
    ['name', ' ', null],
    ['enabled', '', true],
    ['enabled', 'FALSE', false],
    ['cloaking', '', false],
    ['cloaking', ' True ', true],
    ['expiry_clicks', '', null],
    ['expiry_clicks', '100', 100],
    ['expiry_datetime', '2027-01-31 12:00', '2027-01-31T12:00:00.000Z'],
    ['domain', 'GO.example.com', 'go.example.com'],
    ['domain', '', null],
    ['rules', '', []],
  ])('of %s, %j, becomes %j', (field, cell, value) => {
    expect(linkOf({ [field]: cell })).toMatchObject({ [field]: value });
  });

  test.each([
    ['rules', '{', 'rules: must be a JSON list of rules, or blank'],
    ['rules', '{}', 'rules: must be a list of rules'],
    ['rules', '[{"what":"moon","url":"https://example.com/"}]', 'rules.0.what: must be one of country'],
    ['enabled', 'WAHR', 'enabled: must be true or false'],
    ['slug', '', 'slug: is missing'],
    ['slug', '/api/x', 'slug: /api/x is used by the service itself'],
    ['url', '', 'url: must be a full URL'],
    ['url', 'javascript:alert(1)', 'url: must be a full URL'],
    ['expiry_clicks', 'many', 'expiry_clicks: must be a whole number'],
  ])('of %s, %j, is rejected: %s', (field, cell, sentence) => {
    expect(() => linkOf({ [field]: cell })).toThrow(sentence);
  });
});

describe('a row', () => {
  test('that is cut off is rejected, because the missing part might be a password', () => {
    const columns = readColumns('links.csv', ['url', 'slug', 'password']);
    const sentence = 'the row has 2 cells, but the first line names 3 columns';
    expect(() => linkOfRow(columns, ['https://example.com/', '/sale'])).toThrow(sentence);
  });

  test('has no value for a field without a column', () => {
    const link = linkOf({ name: 'Sale' });
    expect(Object.keys(link).sort()).toEqual(['name', 'slug', 'url']);
    const there = fingerprint(
      publicLink(sampleLink({ name: 'Sale', url: link.url, note: 'x' }), 'https://l.example'),
    );
    expect(differing(there, link)).toEqual([]);
  });

  test('in the trash is disabled, as every link in the trash', () => {
    expect(linkOf({ deleted: 'true', enabled: 'true' })).toMatchObject({ deleted: true, enabled: false });
  });
});

// In an export, a text that begins with an apostrophe and a formula looks like an escaped text. They cannot be told
// apart.
const isAmbiguous = (text: string) => /^\s*'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text);
const character = fc.oneof(
  fc.constantFrom(...'"\',;\r\n\t=+-@ \ufeff\uff1d'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc
  .string({ unit: character, maxLength: 12 })
  .filter((one) => !isAmbiguous(one) && !one.includes('\0'));
const url = fc.webUrl({ withQueryParameters: true, withFragments: true });
const rule = fc.oneof(
  fc.record({ what: fc.constantFrom('country', 'browser', 'bot'), matches: fc.option(text), url }),
  fc.record({ what: fc.constant('rotator'), url, percentage: fc.integer({ min: 0, max: 100 }) }),
);

function sent(field: string): fc.Arbitrary<unknown> {
  if (field === 'url') return url;
  if (field === 'slug')
    return fc.string({ unit: fc.constantFrom(...'abcü-_.='), minLength: 1, maxLength: 9 });
  if (field === 'domain') return fc.constantFrom(null, 'go.example.com');
  if (field === 'rules') return fc.array(rule, { maxLength: 3 });
  if (field === 'expiry_clicks') return fc.option(fc.integer({ min: 0, max: 1e9 }));
  if (field === 'expiry_datetime')
    return fc.option(
      fc.date({ min: new Date(0), max: new Date('9999'), noInvalidDate: true }).map((at) => at.toISOString()),
    );
  if (field === 'expiry_destination') return fc.option(url);
  if (field === 'fb_pixel_id') return fc.constantFrom(null, '123456789');
  if (field === 'ga4_tag_id') return fc.constantFrom(null, 'G-ABC1234567');
  if (field === 'gtm_id') return fc.constantFrom(null, 'gtm-abc1234');
  const isFlag = linkFieldsSchema.shape[field as 'enabled'].safeParse(true).data === true;
  return isFlag ? fc.boolean() : fc.option(text);
}

/** Links as the API would store them. */
const links = fc
  .array(
    fc.record(
      Object.fromEntries(
        IMPORTED_FIELDS.filter((name) => name !== 'password').map((name) => [name, sent(name)]),
      ),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((many) =>
    many.flatMap((one, index): Link[] => {
      const { data } = linkFieldsSchema.safeParse(one);
      const { webhooks: _apart, password: _none, ...fields } = data ?? {};
      const slug = `${fields.slug}${index}`;
      return data ? [sampleLink({ ...(fields as Partial<Link>), deleted: false, id: index + 1, slug })] : [];
    }),
  )
  .filter((many) => many.length > 0);

const table = engineTable();

async function exportOf(stored: Link[]): Promise<string> {
  await table.empty();
  for (const link of stored) await table.put(linkItem(link));
  const event = httpEvent({ query: 'format=csv', headers: { authorization: `Bearer ${KEY}` } });
  return ((await handler(event as never, {} as never)) as { body: string }).body;
}

test('importing the CSV export of any links gives the same links, field by field', async () => {
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(links, async (stored) => {
      const csv = await readCsv(await exportOf(stored));
      const columns = readColumns('links.csv', csv.file.header);
      const read = csv.rows.map(({ cells }) => linkOfRow(columns, cells));
      expect(columns.unknown).toEqual([]);
      expect(read).toHaveLength(stored.length);
      for (const [index, link] of stored.entries()) {
        const wanted = publicLink(link, 'https://links.example.com');
        expect(read[index]).toEqual(
          Object.fromEntries(IMPORTED_FIELDS.map((field) => [field, wanted[field]])),
        );
        expect(differing(fingerprint(wanted), read[index] as never)).toEqual([]);
        rows++;
      }
    }),
    { numRuns: runs(150, 30) },
  );
  expect(rows).toBeGreaterThan(runs(150, 30));
});
