import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { export as exportLinks, list, save } from '../../../lambdas/links/handlers.ts';
import { CLICK_COUNTS, type Link, newLink } from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { runs } from '../../full-runs.ts';
import { engineTable } from '../engine-table.ts';
import { httpEvent, type RequestOptions } from '../http-event.ts';
import { create, listed, remove, update } from './link-calls.ts';

/** The largest response of Lambda. */
const LAMBDA_BYTES = 6 * 1024 * 1024;
const SETTINGS = ['WORKSPACE#1', 'SETTINGS'] as const;

const table = engineTable();
let tables = 0;
let key: string;

/** A new table, with a key that has made no call yet, because a key may make only 600 in a minute. */
async function newTable(): Promise<void> {
  await table.empty();
  key = `ck_test_${++tables}`;
  const { large_links: _unknown, ...settings } = (await table.read(...SETTINGS)) ?? {};
  await table.addWorkspace(1, key);
  await table.put(settings);
}

beforeEach(async () => {
  await newTable();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** A response that Lambda would accept. */
async function answered(
  handler: (event: any, context: any) => Promise<unknown>,
  options: RequestOptions,
): Promise<{ status: number | undefined; text: string; cursor: string | undefined }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = (await handler(httpEvent({ headers, ...options }), {})) as APIGatewayProxyStructuredResultV2;
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(LAMBDA_BYTES);
  const cursor = answer.headers?.['x-next-cursor'];
  return { status: answer.statusCode, text: answer.body ?? '', cursor: cursor as string | undefined };
}

/** The item of a link, as saving would write it. */
function itemOf(id: number, fields: Partial<Link>) {
  const identity = { id, workspace_id: 1, slug: `/l${id}`, url: 'https://example.com/' };
  return linkItem(newLink(identity, fields, '2025-01-01'));
}

/** Puts links into the table as if they had been saved, without the calls. */
async function seed(notes: string[], { settings = {}, deleted = false } = {}): Promise<void> {
  const items = notes.map((text, index) => {
    const id = index + 1;
    return itemOf(id, { name: `Link ${id % 7}`, body_tags: text, deleted });
  });
  await table.putAll(items);
  const totals = deleted ? { trash_count: notes.length } : { link_count: notes.length };
  await table.put({ ...(await table.read(...SETTINGS)), ...totals, ...settings });
}

/** Reads all pages of a list, up to the number that the first one returns. @returns the ids in order */
async function walk(query: string): Promise<number[]> {
  const ids: number[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { status, text } = await answered(list, { query: `${query}&page=${page}` });
    expect(status).toBe(200);
    const body = JSON.parse(text);
    if (page === 1) pages = body.total_pages;
    ids.push(...body.links.map(({ id }: { id: number }) => id));
  }
  return ids;
}

async function walkExport(format: string, search = ''): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const query: string = `format=${format}&search=${search}&cursor=${cursor}`;
    const { status, text, cursor: next } = await answered(exportLinks, { query });
    expect(status).toBe(200);
    const rows: { id: string }[] = format === 'csv' ? parse(text, { columns: true }) : JSON.parse(text);
    ids.push(...rows.map(({ id }) => Number(id)));
    cursor = next;
  }
  return ids;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/**
 * Texts that fill a link, up to 64 KB as JSON, with characters that are escaped once or twice, or that have several
 * bytes.
 */
const filling = fc
  .record({
    character: fc.constantFrom('x', '"', '"', '\\', '\u0001', '\n', 'é', '語', '😀', '\u2028', '\ud800', '/'),
    bytes: fc.constantFrom(0, 100, 4_000, 5_000, 20_000, 62_000, 62_000),
  })
  .map(({ character, bytes }) =>
    character.repeat(bytes / Math.max(Buffer.byteLength(JSON.stringify(character)) - 2, 1)),
  );

describe('whatever the links contain', () => {
  test('the pages of a list have each link once, in any order, and fit into a response', async () => {
    const listings = fc.record({
      kinds: fc.array(filling, { minLength: 1, maxLength: 4 }),
      count: fc.integer({ min: 1, max: 160 }),
      pageSize: fc.constantFrom(7, 30, 50, 100, 400, 1_000),
      sort: fc.constantFrom('id', 'name', 'inserted_at', ...CLICK_COUNTS),
      direction: fc.constantFrom('asc', 'desc'),
      deleted: fc.boolean(),
    });
    const property = fc.asyncProperty(
      listings,
      async ({ kinds, count, pageSize, sort, direction, deleted }) => {
        await newTable();
        const notes = upTo(count).map((id) => kinds[id % kinds.length] ?? '');
        await seed(notes, { deleted });
        const query = `page_size=${pageSize}&sort_by=${sort}&sort_dir=${direction}&deleted=${deleted}`;
        const ids = await walk(query);
        expect(ids).toHaveLength(count);
        expect([...ids].sort((a, b) => a - b)).toEqual(upTo(count));
        if (sort !== 'name') expect(ids).toEqual(direction === 'asc' ? upTo(count) : upTo(count).reverse());
      },
    );
    await fc.assert(property, { numRuns: runs(25, 3) });
  });

  test('an export has each link once, in both formats, and its parts fit into a response', async () => {
    const exports = fc.record({
      kinds: fc.array(filling, { minLength: 1, maxLength: 3 }),
      count: fc.integer({ min: 1, max: 160 }),
      format: fc.constantFrom('json', 'csv'),
    });
    const property = fc.asyncProperty(exports, async ({ kinds, count, format }) => {
      await newTable();
      await seed(upTo(count).map((id) => kinds[id % kinds.length] ?? ''));
      expect(await walkExport(format)).toEqual(upTo(count));
    });
    await fc.assert(property, { numRuns: runs(15, 2) });
  });
});

/** More than one response can contain. */
const LINKS = runs(900, 600);

test.each(['json', 'csv'])(
  `${LINKS} links with 100 rules each are exported completely as %s`,
  async (format) => {
    const matches = '"US", "DE", "AT"';
    const rules = upTo(100).map(() => ({ what: 'country', matches, url: 'https://example.com/somewhere' }));
    await table.putAll(upTo(LINKS).map((id) => itemOf(id, { rules })));
    expect(await walkExport(format)).toEqual(upTo(LINKS));
  },
);

test('a searched export continues after what did not fit', async () => {
  await seed(upTo(120).map((id) => (id % 2 ? '"'.repeat(30_000) : '')));
  const found = upTo(120).filter((id) => id % 7 === 3);
  expect(await walkExport('json', 'link 3')).toEqual(found);
  expect(await walkExport('csv', 'link 3')).toEqual(found);
});

test('a page that was cut still shows the requested page size and the totals', async () => {
  await seed(upTo(130).map(() => '"'.repeat(20_000)));
  const { links, ...rest } = await listed('page_size=1000');
  expect(links.length).toBeLessThan(130);
  expect(rest).toEqual({
    page_number: 1,
    page_size: 1_000,
    total_entries: 130,
    total_pages: Math.ceil(130 / links.length),
    total_rows: 130,
    workspace_link_count: 130,
  });
});

test('pages are also cut if large links were never marked', async () => {
  await seed(
    upTo(130).map(() => '"'.repeat(20_000)),
    { settings: { large_links: false } },
  );
  expect(await walk('page_size=1000')).toEqual(upTo(130).reverse());
  expect((await table.read(...SETTINGS))?.large_links).toBe(true);
});

describe('whether a workspace has large links', () => {
  const known = async () => (await table.read(...SETTINGS))?.large_links;
  const large = { body_tags: '"'.repeat(5_000) };
  beforeEach(async () => {
    await table.put({ ...(await table.read(...SETTINGS)), large_links: false });
  });

  test.each([
    ['a small link leaves it', {}, false],
    ['a large one marks it', large, true],
  ])('%s', async (_title, fields, mark) => {
    await create({ slug: '/a', ...fields });
    expect(await known()).toBe(mark);
  });

  test('is marked together with the link, once', async () => {
    await create({ slug: '/a' });
    table.writes = [];
    await update({ id: 1, ...large });
    expect(table.writes).toEqual(['Put SLUG#-#/a LINK', 'Update WORKSPACE#1 SETTINGS']);
    table.writes = [];
    await update({ id: 1, name: 'Renamed' });
    await create({ slug: '/b', ...large });
    expect(table.writes.filter((write) => write.includes('SETTINGS'))).toEqual([
      'Update WORKSPACE#1 SETTINGS',
    ]);
    await remove(1);
    expect(await known()).toBe(true);
  });

  test('is checked once if unknown, among links in use and in the trash', async () => {
    for (const deleted of [false, true]) {
      await newTable();
      await seed(
        upTo(60).map(() => ''),
        { settings: { link_count: 60 } },
      );
      const gone = { id: 99, workspace_id: 1, slug: '/gone', url: 'https://example.com/' };
      await table.put(linkItem(newLink(gone, { ...(deleted ? large : {}), deleted: true }, '2025')));
      expect(await walk('page_size=50')).toHaveLength(60);
      expect(await known()).toBe(deleted);
    }
  });

  test('is not checked when a page is small or has all links', async () => {
    await newTable();
    await seed(upTo(60).map(() => ''));
    await listed('page_size=10');
    await listed();
    expect(await known()).toBeUndefined();
  });

  test('does not appear in the settings', async () => {
    await create({ slug: '/a', ...large });
    const { get: handler } = await import('../../../lambdas/workspaces/handlers.ts');
    const { text } = await answered(handler, { pathParameters: { workspace_id: '1' } });
    expect(text).not.toContain('large');
  });
});

describe('saving many large links', () => {
  const rules = upTo(100).map(() => ({
    what: 'country',
    matches: 'US',
    url: `https://example.com/${'y'.repeat(500)}`,
  }));

  test('saves as many as one response can report, and does not try the others', async () => {
    for (let number = 0; number < 100; number++) await create({ rules, body_tags: '"'.repeat(2_000) });
    const renaming = upTo(100).map((id) => ({ id, name: 'Renamed' }));
    let open = renaming;
    let calls = 0;
    while (open.length > 0) {
      const { status, text } = await answered(save, { method: 'POST', body: JSON.stringify(open) });
      calls++;
      const body = JSON.parse(text);
      if (status === 200) break;
      expect([status, body.code]).toEqual([422, 'partly_saved']);
      const untried = open.filter((_, index) => body.links[index].code === 'not_tried');
      expect(untried.length).toBeLessThan(open.length);
      expect(Object.keys(body.errors)).toHaveLength(untried.length);
      open = untried;
    }
    expect(calls).toBeGreaterThan(1);
    const versions = (await table.all())
      .filter(({ pk }) => pk.startsWith('SLUG#'))
      .map(({ version }) => version);
    expect(versions).toEqual(Array(100).fill(2));
  });

  test('that are wrong in fifty thousand places is a 422 that fits', async () => {
    const wrong = { what: 0, matches: 0, url: 0, rule_url: 0, percentage: {} };
    const links = Array(100).fill({ url: 'https://example.com/', rules: Array(100).fill(wrong) });
    const { status } = await answered(save, { method: 'POST', body: JSON.stringify(links) });
    expect(status).toBe(422);
  });
});
