import { describe, expect, test } from '@jest/globals';
import { export as exportLinks, deleteMany as removeMany, save } from '../../../lambdas/links/handlers.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { httpEvent } from '../http-event.ts';
import { create, listed } from './link-calls.ts';

const table = engineTable();
const URL_OF_LINKS = 'https://example.com/';
const saveMany = (json: unknown, key?: string) =>
  call(save, { method: 'POST', json, pathParameters: { workspace_id: '1' }, ...(key ? { key } : {}) });
const bulkDelete = (json: unknown) =>
  call(removeMany, { method: 'DELETE', json, pathParameters: { workspace_id: '1' } });

describe('a list of links to save', () => {
  test('creates and changes them in order', async () => {
    await create({ slug: '/old' });
    const { status, body } = await saveMany([
      { url: URL_OF_LINKS, slug: '/new' },
      { id: 1, name: 'Changed' },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { id: 2, slug: '/new' },
      { id: 1, slug: '/old', name: 'Changed' },
    ]);
  });

  test('returns each with its status, and with itself in link', async () => {
    await create({ slug: '/taken' });
    const webhooks = ['https://8.8.8.8/hook'];
    const { body } = await saveMany([
      { url: URL_OF_LINKS, slug: '/new', webhooks },
      { id: 1, name: 'Changed' },
    ]);
    for (const { status, link, ...fields } of body) {
      expect(status).toBe('success');
      expect(link).toEqual(fields);
    }
    expect(body[0].link).toMatchObject({ full_url: 'https://links.example.com/new', webhooks });
    const partly = await saveMany([{ url: URL_OF_LINKS, slug: '/taken' }, { url: URL_OF_LINKS }]);
    expect(partly.body.links).toMatchObject([
      { status: 'error', code: 'invalid_input' },
      { status: 'success', link: { url: URL_OF_LINKS } },
    ]);
    expect(partly.body.links[0]).not.toHaveProperty('link');
  });

  test('with an invalid link writes none, and says which and where', async () => {
    const { status, body } = await saveMany([{ url: URL_OF_LINKS }, { url: 'x', slug: '/api' }, {}, 7]);
    expect(status).toBe(422);
    expect(Object.keys(body.errors)).toEqual(['1.url', '1.slug', '2.url', '3.link']);
    expect(table.writes).toEqual([]);
  });

  test('with elements that are not objects names their indexes', async () => {
    const elements = [1, 'x', null, [], true];
    const { status, body } = await saveMany(elements);
    expect(status).toBe(422);
    expect(body.errors).toEqual(
      Object.fromEntries(
        elements.map((_, index) => [
          `${index}.link`,
          [`must be an object with the fields of a link. The element at index ${index} is not an object`],
        ]),
      ),
    );
  });

  test('with an unknown id names the id, and says what to do', async () => {
    const sentence =
      '99 is not the id of a link in this workspace. Correct the id, or leave it out to create a link';
    const late = await saveMany([{ url: URL_OF_LINKS }, { id: '99', name: 'x' }]);
    expect(late.body.errors).toEqual({ '1.link': [sentence] });
    expect(late.body.links[1]).toMatchObject({ code: 'not_found', error: `link: ${sentence}.` });
    const early = await saveMany([{ url: URL_OF_LINKS }, { id: 99, url: 'x' }]);
    expect(early.body).toMatchObject({ errors: { '1.link': [sentence] }, code: 'invalid_input' });
  });

  test('with one that cannot be saved saves the others, and reports each', async () => {
    await create({ slug: '/taken' });
    const { status, body } = await saveMany([
      { url: URL_OF_LINKS, slug: '/a' },
      { url: URL_OF_LINKS, slug: '/taken' },
      { id: 99, name: 'x' },
      { url: URL_OF_LINKS, slug: '/b' },
    ]);
    expect([status, body.code]).toEqual([422, 'partly_saved']);
    expect(Object.keys(body.errors)).toEqual(['1.slug', '2.link']);
    expect(body.error).toMatch(/^2 of 4 links were not saved/);
    expect(body.links).toMatchObject([
      { slug: '/a' },
      { code: 'invalid_input' },
      { code: 'not_found' },
      { slug: '/b' },
    ]);
    expect((await listed()).links).toHaveLength(3);
  });

  test.each([[[]], [Array(101).fill({ url: URL_OF_LINKS })]])(
    'of none or more than 100 is a 422 (%#)',
    async (list) => {
      expect((await saveMany(list)).status).toBe(422);
      expect(table.writes).toEqual([]);
    },
  );

  test('that names another workspace anywhere is a 404', async () => {
    expect((await saveMany([{ url: URL_OF_LINKS }, { url: URL_OF_LINKS, workspace_id: 2 }])).status).toBe(
      404,
    );
    expect((await saveMany([{ url: URL_OF_LINKS }], OTHER_KEY)).status).toBe(404);
    expect(table.writes).toEqual([]);
  });
});

describe('deleting many', () => {
  test('moves those that exist to the trash and names the others', async () => {
    for (const slug of ['/a', '/b', '/c']) await create({ slug });
    expect(await bulkDelete({ ids: [1, '3', 3, 99] })).toMatchObject({
      status: 200,
      body: { message: 'Moved 2 links to the trash.', deleted: [1, 3], not_found: [99] },
    });
    expect((await listed()).links).toMatchObject([{ id: 2 }]);
    expect((await listed('deleted=true')).links).toMatchObject([{ id: 3 }, { id: 1 }]);
  });

  test('by something that is not an id deletes nothing: true and [1] are not link 1', async () => {
    await create({ slug: '/kept' });
    for (const one of [true, [1], '0x1', '1e0', ' ', 1.5, { id: 1 }, null]) {
      expect(await bulkDelete({ ids: [1, one] })).toMatchObject({
        status: 422,
        body: { errors: { 'ids.1': [expect.stringContaining('must be the id of a link')] } },
      });
    }
    expect((await listed()).links).toMatchObject([{ id: 1 }]);
  });

  test('accepts one id as a list of one', async () => {
    for (const slug of ['/a', '/b']) await create({ slug });
    expect((await bulkDelete({ ids: 1 })).body.deleted).toEqual([1]);
    expect((await bulkDelete({ ids: '2' })).body.deleted).toEqual([2]);
  });

  test.each([[{}], [{ ids: [] }], [{ ids: 'all' }], [{ ids: ['x'] }], [{ ids: Array(101).fill(1) }]])(
    '%j is a 422 at ids',
    async (json) => {
      const { status, body } = await bulkDelete(json);
      expect([status, Object.keys(body.errors)[0]?.split('.')[0]]).toEqual([422, 'ids']);
    },
  );
});

describe('an export', () => {
  const raw = async (query = '') => {
    const headers = { authorization: 'Bearer ck_test_one' };
    const answer: any = await exportLinks(
      httpEvent({ query, headers, pathParameters: { workspace_id: '1' } }),
      {} as never,
    );
    return { ...answer, text: answer.body as string };
  };

  test('as JSON is a bare array by id, with counts, without the trash', async () => {
    for (const slug of ['/a', '/b']) await create({ slug });
    await create({ slug: '/gone', deleted: true });
    await table.put({ pk: 'LINK#2', sk: 'CLICKS', clicks_total: 9 });
    const { statusCode, headers, text } = await raw();
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toMatchObject([
      { id: 1, slug: '/a', clicks_total: 0, clicks_count: 0 },
      { id: 2, slug: '/b', clicks_total: 9, clicks_count: 9, clicks_previous_day: 0 },
    ]);
    expect(text).not.toContain('sparkline');
  });

  test('as CSV has a header, rules as JSON, and nothing that a spreadsheet reads as a formula', async () => {
    await create({
      slug: '/a',
      name: '=HYPERLINK("https://evil.example")',
      note: 'two\nlines, "quoted"',
      rules: [{ what: 'country', matches: 'US', url: URL_OF_LINKS }],
    });
    await create({ slug: '/b', name: '@SUM(1)', note: '+1' });
    const { headers, text } = await raw('format=csv');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="links.csv"',
    });
    expect(text).toMatch(/^id,workspace_id,/);
    expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    expect(text).toContain("'@SUM(1)");
    expect(text).toContain("'+1");
    expect(text).toContain('"two\nlines, ""quoted"""');
    expect(text).toContain('"[{""what"":""country"",""matches"":""US"",""url"":""https://example.com/""}]"');
    expect(text).toContain(',true,false,');
  });

  test('of nothing is an empty list and an empty file', async () => {
    expect((await raw()).text).toBe('[]');
    expect((await raw('format=csv')).text).toBe('');
  });

  test('that does not fit into one response continues at its cursor, and loses no link', async () => {
    const note = 'x'.repeat(4_000);
    const rules = Array(100).fill({
      what: 'country',
      matches: 'US',
      url: `https://example.com/${'y'.repeat(500)}`,
    });
    for (let number = 0; number < 85; number++) await create({ note, rules });
    const seen: number[] = [];
    let cursor: string | undefined = '';
    let answers = 0;
    while (cursor !== undefined) {
      const { text, headers } = await raw(`cursor=${cursor}`);
      expect(Buffer.byteLength(text)).toBeLessThan(6 * 1024 * 1024);
      seen.push(...JSON.parse(text).map(({ id }: { id: number }) => id));
      cursor = headers['x-next-cursor'];
      answers++;
    }
    expect(answers).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: 85 }, (_, index) => index + 1));
    const page = await listed();
    expect(page.total_entries).toBe(85);
    expect(page.links.length).toBeLessThan(85);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(6 * 1024 * 1024);
  });

  test.each(['format=xml', 'cursor=x', 'cursor=-1', `cursor=${'9'.repeat(20)}`])(
    'with %s is a 422',
    async (query) => {
      expect((await raw(query)).statusCode).toBe(422);
    },
  );

  test('is searched like a list', async () => {
    await create({ slug: '/a', name: 'Sale' });
    await create({ slug: '/b' });
    expect(JSON.parse((await raw('search=sale')).text)).toMatchObject([{ id: 1 }]);
  });
});
