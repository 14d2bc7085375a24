import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type LocalStack, startLocal } from './local-stack.ts';

const LINKS = 200;
const AT_ONCE = 20;
const HEADERS = { authorization: 'Bearer ck_local' };

let stack: LocalStack;
/** The links that the stack itself creates, such as /hello. */
let others: number[];
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

beforeAll(async () => {
  stack = await startLocal();
  const { body } = await stack.call('GET', '/workspace/1/list_links');
  others = body.links.map(({ id }: { id: number }) => id);
  const rules = upTo(100).map(() => ({
    what: 'country',
    matches: 'US',
    url: 'https://example.com/somewhere',
  }));
  for (let start = 0; start < LINKS; start += AT_ONCE) {
    // Every other link has texts that the response escapes twice. Together the links need several responses.
    const links = upTo(AT_ONCE).map((index) => ({
      url: 'https://example.com/',
      slug: `/large-${start + index}`,
      ...(index % 2 ? { rules } : { head_tags: '"'.repeat(20_000) }),
    }));
    const { status } = await stack.call('POST', '/workspace/1/links', links);
    expect(status).toBe(200);
  }
});

afterAll(async () => {
  await stack?.stop();
});

const ownSlugs = (links: { id: number | string; slug: string }[]) =>
  links.filter(({ id }) => !others.includes(Number(id))).map(({ slug }) => slug);
const allSlugs = upTo(LINKS)
  .map((number) => `/large-${number}`)
  .sort();

test.each(['page_size=1000', 'page_size=100&sort_by=name&sort_dir=asc', 'page_size=50'])(
  'walking through the pages of %s finds every link once',
  async (query) => {
    const slugs: string[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const { status, body } = await stack.call('GET', `/workspace/1/list_links?${query}&page=${page}`);
      expect(status).toBe(200);
      if (page === 1) pages = body.total_pages;
      slugs.push(...ownSlugs(body.links));
    }
    expect(slugs.sort()).toEqual(allSlugs);
  },
);

test.each(['json', 'csv'])(
  'an export as %s continues until it has returned every link once',
  async (format) => {
    const slugs: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const url: string = `${stack.url}/api/v1/workspace/1/links/export?format=${format}&cursor=${cursor}`;
      const response = await fetch(url, { headers: HEADERS });
      expect(response.status).toBe(200);
      const text = await response.text();
      slugs.push(...ownSlugs(format === 'csv' ? parse(text, { columns: true }) : JSON.parse(text)));
      cursor = response.headers.get('x-next-cursor');
    }
    expect(slugs.sort()).toEqual(allSlugs);
  },
);

test('a hundred links with passwords are rejected and none is saved; sent in tens, each is saved once', async () => {
  const links = upTo(100).map((index) => ({
    url: 'https://example.com/',
    slug: `/secret-${index}`,
    password: `secret ${index}`,
  }));
  const save = (some: object[]) => stack.call('POST', '/workspace/1/links', some);
  const refused = await save(links);
  expect([refused.status, Object.keys(refused.body.errors).length]).toEqual([422, 90]);
  const found = async () => (await stack.call('GET', '/workspace/1/list_links?search=/secret-')).body;
  expect((await found()).total_entries).toBe(0);
  // A slow machine hashes fewer than ten in the time of a call, and says so.
  for (let open: object[] = links.slice(0, 10); open.length > 0; ) {
    const { status, body } = await save(open);
    if (status === 200) break;
    expect(body.code).toBe('partly_saved');
    open = open.filter((_, index) => body.links[index].code === 'not_tried');
  }
  expect((await found()).total_entries).toBe(10);
});
