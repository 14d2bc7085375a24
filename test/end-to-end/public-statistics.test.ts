import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import type { Workspace } from './local-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type VisitOptions, visit } from './visit.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const DOMAIN = 'statistics.localhost';

let stack: Workspace;
let target: Receiver;

beforeAll(async () => {
  stack = await sharedWorkspace();
  target = await startReceiver();
  // A click is in the log before its webhooks are called.
  await stack.call('POST', `${stack.path}/webhooks`, { url: target.url });
  await stack.call('POST', `${stack.path}/domains`, { name: DOMAIN });
});

afterAll(async () => {
  await target?.close();
});

async function newLink(slug: string, fields: object = {}): Promise<{ id: number; slug: string }> {
  const link = { url: 'https://example.com/', public_analytics: true, slug, ...fields };
  const { status, body } = await stack.call('POST', '/link', link);
  expect(status).toBe(200);
  return body;
}

const open = (path: string, options?: VisitOptions) => visit(stack.url, path, options);

/** Clicks a link, and waits until the click is in the log. */
async function click(path: string, headers: Record<string, string>, host?: string): Promise<void> {
  const before = target.received.length;
  expect((await open(path, { headers, ...(host ? { host } : {}) })).status).toBe(302);
  await target.waitFor(before + 1);
}

/** The page that the address of a link plus `+` leads to, and the data that the page leads to. */
async function statisticsAt(path: string, options: VisitOptions = {}) {
  const { status, headers } = await open(path, options);
  expect(status).toBe(302);
  const page = await open(String(headers.location), options);
  const [, address = ''] = /<a href="([^"]+)">The same numbers as JSON/.exec(page.body) ?? [];
  const data = await open(address, options);
  expect([page.status, data.status]).toEqual([200, 200]);
  return { page, data: JSON.parse(data.body) };
}

/** The numbers of the totals that a page shows. */
const shownTotals = (body: string) =>
  [...body.matchAll(/<dd>([\d,]+)<\/dd>/g)].map(([, number]) => Number(number));

describe('a link with public statistics', () => {
  test('shows the clicks of people and bots at its address plus +, and page and data agree', async () => {
    const { slug } = await newLink('/statistics/sale', {
      name: 'Secret name',
      url: 'https://example.com/secret',
    });
    await click(slug, { 'user-agent': CHROME, referer: 'https://news.example/story?q=1' });
    await click(slug, { 'user-agent': CHROME, referer: 'https://"><script>alert(1)</script>/' });
    await click(slug, { 'user-agent': IPHONE });
    await click(slug, { 'user-agent': GOOGLEBOT });
    const { page, data } = await statisticsAt(`${slug}+`);
    expect(data.totals).toEqual({ people: 3, bots: 1 });
    expect(data.days.at(-1)).toEqual({ t: data.end, people: 3, bots: 1 });
    expect(data.platforms).toEqual([
      { value: 'desktop', count: 2 },
      { value: 'ios', count: 1 },
    ]);
    expect(data.browsers).toEqual([
      { value: 'Chrome', count: 2 },
      { value: 'Safari', count: 1 },
    ]);
    expect(data.referrers).toContainEqual({ value: 'news.example', count: 1 });
    expect(shownTotals(page.body)).toEqual([3, 1]);
    for (const text of ['news.example', 'Computers', 'iOS', 'Chrome', 'Safari'])
      expect(page.body).toContain(text);
    expect(page.body).not.toMatch(/<script|secret/i);
    expect(JSON.stringify(data)).not.toMatch(/secret/i);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  test('on a custom domain shows them there, and not on another host', async () => {
    const own = await newLink('/statistics/both', { domain: DOMAIN });
    await newLink('/statistics/both', { public_analytics: false });
    const host = `${DOMAIN}:${new URL(stack.url).port}`;
    await click(own.slug, { 'user-agent': CHROME }, host);
    await click(own.slug, { 'user-agent': CHROME });
    const { page, data } = await statisticsAt(`${own.slug}+`, { host });
    expect(data.totals).toEqual({ people: 1, bots: 0 });
    expect(page.body).toContain(`${host}/statistics/both`);
    expect((await open(`${own.slug}+`)).status).toBe(404);
  });

  test('keeps them to itself without the flag, disabled and in the trash: the 404 of a missing link', async () => {
    const missing = await open('/statistics/missing');
    expect(missing.status).toBe(404);
    const { id, slug } = await newLink('/statistics/closed');
    expect((await open(`${slug}+`)).status).toBe(302);
    for (const fields of [
      { public_analytics: false },
      { public_analytics: true, enabled: false },
      { deleted: true },
    ]) {
      await stack.call('POST', '/link', { id, ...fields });
      const page = await open(`/api/v1/public/statistics/page?slug=${encodeURIComponent(slug)}`);
      for (const answer of [await open(`${slug}+`), page]) {
        expect([answer.status, answer.body]).toEqual([404, missing.body]);
      }
      const data = await open(`/api/v1/public/statistics?slug=${encodeURIComponent(slug)}`);
      expect([data.status, JSON.parse(data.body)]).toEqual([404, { error: 'Not found', code: 'not_found' }]);
    }
  });

  test('does not hide a link whose own slug ends in +', async () => {
    await newLink('/statistics/c');
    await newLink('/statistics/c+', { url: 'https://example.com/own' });
    expect((await open('/statistics/c+')).headers.location).toBe('https://example.com/own');
    expect((await open('/statistics/c++')).headers.location).toMatch(/page\?slug=%2Fstatistics%2Fc%2B$/);
  });
});

test('other methods are a 405 that names the right one, and an unknown path below is a 404', async () => {
  const post = await open('/api/v1/public/statistics?slug=/hello', { method: 'POST' });
  expect([post.status, post.headers.allow]).toEqual([405, 'GET']);
  expect((await open('/api/v1/public/statistics/other')).status).toBe(404);
  expect((await open('/api/v1/public/statistics')).status).toBe(422);
});
