import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ClickCounts } from '../../lambdas/links/link.ts';
import { sharedWorkspace } from '../shared-stack.ts';
import { createWorkspace, type Workspace } from './local-stack.ts';
import { visit } from './visit.ts';

// What clients of particular kinds call besides the calls that all of them make (clients.test.ts).

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const TARGET = 'https://example.com/landing';

let stack: Workspace;

beforeAll(async () => {
  stack = await sharedWorkspace();
});

type Sent = { method?: string; headers?: Record<string, string>; body?: string };

/** Sends a request exactly as given, without the key. Clients parse every response as JSON. */
async function ask(path: string, sent: Sent = {}): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${stack.url}/api/v1${path}`, sent);
  return { status: answer.status, body: await answer.json() };
}

const json = (value: unknown) => ({
  method: 'POST',
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

describe('a client that tests its connection before anything else', () => {
  test.each([{ test: true }, [], 'ping'])('posts %j with its key and learns who it is', async (body) => {
    const sent = json(body);
    const answer = await ask('/test', { ...sent, headers: { ...sent.headers, 'x-api-key': stack.key } });
    expect(answer).toMatchObject({
      status: 200,
      body: { workspace: { id: stack.id, name: 'Other' }, key: { prefix: expect.stringMatching(/^ck_/) } },
    });
    expect(JSON.stringify(answer.body)).not.toContain(stack.key);
  });

  test('gets with the key in the query, and a wrong key is a 401', async () => {
    const { status, body } = await ask(`/test?api_key=${stack.key}&workspace_id=${stack.id}`);
    expect([status, body.workspace.id]).toEqual([200, stack.id]);
    expect((await ask('/test?api_key=ck_nobody')).status).toBe(401);
    expect((await ask('/test')).status).toBe(401);
  });
});

test.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
  'a client that sends the bare key as %s header lists its workspaces',
  async (name) => {
    const answer = await ask('/workspaces', { headers: { [name]: stack.key } });
    expect(answer).toMatchObject({ status: 200, body: [{ id: stack.id }] });
    expect((await ask('/workspaces', { headers: { [name]: 'ck_nobody' } })).status).toBe(401);
  },
);

test('a client that offers a choice of domains reads domains, and in each its id, name, host and time', async () => {
  expect((await stack.call('GET', `${stack.path}/domains`)).body).toEqual({ domains: [] });
  const { body: added } = await stack.call('POST', `${stack.path}/domains`, { name: 'choice.example.com' });
  const { body } = await stack.call('GET', `${stack.path}/domains`);
  expect(body.domains).toEqual([added]);
  expect(added).toMatchObject({
    id: expect.any(Number),
    name: 'choice.example.com',
    host: 'choice.example.com',
    inserted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  const { body: link } = await stack.call('POST', '/links', { url: TARGET, domain: body.domains[0].name });
  expect(link).toMatchObject({ domain: 'choice.example.com', workspace_id: stack.id });
});

describe('a client that shortens many URLs in one call', () => {
  /** Keeps only items that succeeded, and reads the short URL inside of them. */
  const shortUrls = (items: any[]) =>
    items.filter((item) => item.status === 'success').map((item) => item.link.full_url);

  test('uses each item that succeeded, and its link works', async () => {
    const sent = ['a', 'b'].map((name) => ({ url: `${TARGET}/${name}`, name }));
    const { status, body } = await stack.call('POST', `${stack.path}/links`, sent);
    expect(status).toBe(200);
    const urls = shortUrls(body);
    expect(urls).toHaveLength(2);
    const answer = await stack.click(new URL(urls[1]).pathname);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${TARGET}/b`]);
    expect(body).toMatchObject([{ name: 'a' }, { name: 'b' }]);
  });

  test('skips the item that failed', async () => {
    const sent = ['/twice', '/twice'].map((slug) => ({ url: TARGET, slug }));
    const { status, body } = await stack.call('POST', `${stack.path}/links`, sent);
    expect([status, shortUrls(body.links).length]).toEqual([422, 1]);
    expect(body.links[1]).toMatchObject({ status: 'error', error: expect.stringContaining('/twice') });
  });
});

test('a client that posts a form to /links creates the link in the workspace that it names', async () => {
  const form = (workspace: number) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      api_key: stack.key,
      workspace_id: String(workspace),
      url: TARGET,
    }).toString(),
  });
  expect(await ask('/links', form(stack.id))).toMatchObject({
    status: 200,
    body: { workspace_id: stack.id, url: TARGET },
  });
  const other = await createWorkspace(stack.url);
  expect((await ask('/links', form(other.id))).status).toBe(404);
});

test('a client that manages links by their path changes one, deletes it by ids, restores it and finds it', async () => {
  const { body: link } = await stack.call('POST', `${stack.path}/links`, { url: TARGET, name: 'Managed' });
  const path = `${stack.path}/links/${link.id}`;
  const changed = await stack.call('PATCH', path, { note: 'By path' });
  expect(changed).toMatchObject({ status: 200, body: { id: link.id, name: 'Managed', note: 'By path' } });
  await stack.call('DELETE', `${stack.path}/links`, { ids: [link.id] });
  expect((await stack.click(link.slug)).status).toBe(404);
  const restored = await stack.call('POST', `${stack.path}/links/restore`, { ids: [link.id] });
  expect(restored).toMatchObject({ status: 200, body: { restored: [link.id], not_found: [] } });
  const list = await stack.call('GET', `${stack.path}/links?search=Managed&page_size=5000`);
  expect(list).toMatchObject({ status: 200, body: { page_size: 1_000, links: [{ id: link.id }] } });
  expect(list).toEqual(await stack.call('GET', `${stack.path}/list_links?search=Managed&page_size=5000`));
  expect((await stack.click(link.slug)).status).toBe(302);
});

test('a dashboard that ranks links by clicks of people reads the same counts in lists, links and exports', async () => {
  const [{ link: people }, { link: bots }] = (
    await stack.call('POST', `${stack.path}/links`, [
      { url: TARGET, name: 'Ranked' },
      { url: TARGET, name: 'Ranked' },
    ])
  ).body;
  const ranked = async () =>
    (await stack.call('GET', `${stack.path}/list_links?search=Ranked&sort_by=human_clicks_thirty_days`)).body
      .links as ClickCounts[];
  const click = (slug: string, agent: string) => visit(stack.url, slug, { headers: { 'user-agent': agent } });
  let links = await ranked();
  // On a busy machine a click can be lost, because a redirect waits only 300 ms for the queue.
  while (links.some(({ clicks_total }) => clicks_total === 0)) {
    expect((await click(people.slug, CHROME)).status).toBe(302);
    expect((await click(bots.slug, GOOGLEBOT)).status).toBe(302);
    await delay(200);
    links = await ranked();
  }
  // Until the last click is counted, two lists can differ.
  let before: ClickCounts[] = [];
  let link: unknown;
  let exported: unknown;
  while (!isDeepStrictEqual(before, links)) {
    before = links;
    await delay(200);
    link = (await stack.call('GET', `/link/${people.id}`)).body;
    exported = (await stack.call('GET', `${stack.path}/links/export?search=Ranked`)).body;
    links = await ranked();
  }
  const [first, second] = links as [ClickCounts, ClickCounts];
  expect(links).toMatchObject([{ id: people.id }, { id: bots.id, human_clicks_total: 0 }]);
  expect(link).toEqual({ ...first, webhooks: [] });
  expect(exported).toMatchObject([
    { id: people.id, clicks_count: first.clicks_total },
    { id: bots.id, clicks_count: second.clicks_total },
  ]);
  const clicks = first.clicks_total;
  expect(first).toMatchObject({ human_clicks_total: clicks, human_clicks_thirty_days: clicks });
  // The clicks may be on both sides of midnight.
  expect(first.human_clicks_today + first.human_clicks_previous_day).toBe(clicks);
  expect(first.sparkline).toEqual([
    ...Array(28).fill(0),
    first.human_clicks_previous_day,
    first.human_clicks_today,
  ]);
  expect(second.sparkline).toEqual(Array(30).fill(0));
});

test('a client that reads the OpenAPI document at /api/openapi gets the same document, without a key', async () => {
  const [own, other] = await Promise.all(
    ['/api/v1/openapi.json', '/api/openapi'].map((path) => fetch(stack.url + path)),
  );
  expect([own?.status, other?.status]).toEqual([200, 200]);
  expect(await other?.text()).toBe(await own?.text());
  expect(other?.headers.get('access-control-allow-origin')).toBe('*');
  expect((await fetch(`${stack.url}/api/openapi`, { method: 'HEAD' })).status).toBe(200);
});

test.each([
  ['POST', '/zapier/hooks'],
  ['GET', '/conversions'],
  ['POST', '/conversions'],
  ['GET', '/no-such-route'],
])('a client that calls %s %s learns that the route is missing, not a link', async (method, path) => {
  const { status, body } = await stack.call(method, path);
  const missingLink = await stack.call('GET', '/link/999999');
  expect([status, missingLink.status]).toEqual([404, 404]);
  expect(body.code).toBe('unknown_route');
  expect(body.error).toMatch(/^The API has no route with this path\./);
  expect(missingLink.body).toEqual({ error: 'Not found', code: 'not_found' });
});
