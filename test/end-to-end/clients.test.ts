import { beforeAll, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import { createWorkspace, type Workspace } from './local-stack.ts';
import { startReceiver } from './receiver.ts';

type Sent = { query?: string; headers?: Record<string, string>; body?: string };
/** How a client authenticates and sends data. The fields of a write are passed in. */
type Style = (workspace: Workspace, fields?: Record<string, string>) => Sent;

const json = (value: object) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

/** The styles of existing clients, according to their request code and the vendor's reference. */
const STYLES: Record<string, Style> = {
  'the key in the query and a form': ({ key, id }, fields) => ({
    query: `api_key=${key}&workspace_id=${id}`,
    ...(fields && {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    }),
  }),
  'headers of its own, and the key in the body too': ({ key, id }, fields) => {
    const headers = { 'X-API-KEY': key, 'X-WORKSPACE-ID': String(id) };
    if (!fields) return { headers };
    const sent = json({ api_key: key, workspace_id: id, ...fields });
    return { body: sent.body, headers: { ...sent.headers, ...headers } };
  },
  'a bearer token and JSON': ({ key }, fields) => {
    const authorization = `Bearer ${key}`;
    if (!fields) return { headers: { authorization } };
    const sent = json(fields);
    return { body: sent.body, headers: { ...sent.headers, authorization } };
  },
  'the key as the user of Basic': ({ key }, fields) => {
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    if (!fields) return { headers: { authorization } };
    const sent = json(fields);
    return { body: sent.body, headers: { ...sent.headers, authorization } };
  },
};

let stack: Workspace;

beforeAll(async () => {
  stack = await sharedWorkspace();
});

describe.each(Object.entries(STYLES))('a client with %s', (_name, style) => {
  const ask = async (method: string, path: string, fields?: Record<string, string>) => {
    const { query, headers = {}, body } = style(stack, fields);
    const mark = path.includes('?') ? '&' : '?';
    const url = `${stack.url}/api/v1${path}${query ? mark + query : ''}`;
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    // Existing clients parse every response as JSON.
    return { status: answer.status, body: (await answer.json()) as any };
  };

  test('creates a link, subscribes a webhook, receives a click, lists, unsubscribes by encoded URL and deletes', async () => {
    const target = await startReceiver();
    const hook = `${target.url}/hook?secret=1&to=a%2Fb`;
    const made = await ask('POST', `${stack.path}/links`, {
      url: 'https://example.com/landing',
      name: 'Client',
    });
    expect(made).toMatchObject({
      status: 200,
      body: { name: 'Client', workspace_id: stack.id, enabled: true },
    });
    const { id, slug, full_url } = made.body;
    expect(full_url).toContain(slug);
    expect((await ask('POST', '/link', { id: String(id), note: 'Changed' })).body).toMatchObject({
      id,
      name: 'Client',
      note: 'Changed',
    });

    const subscribed = await ask('POST', `/link/${id}/webhooks`, { url: hook });
    expect(subscribed).toMatchObject({ status: 201, body: { id: hook, url: hook } });
    expect((await stack.click(`${slug}?from=client`)).status).toBe(302);
    const [received] = await target.waitFor(1);
    expect(received?.path).toBe('/hook?secret=1&to=a%2Fb');
    expect(JSON.parse(received?.body ?? '')).toMatchObject({
      event: 'click',
      link: { id },
      click: { params: { from: 'client' } },
    });

    expect((await ask('GET', `/link/${id}/webhooks`)).body).toMatchObject([{ id: hook }]);
    expect((await ask('GET', `/get_link/${id}`)).body).toMatchObject({ id, webhooks: [hook] });
    expect((await ask('GET', '/workspaces')).body).toMatchObject([{ id: stack.id }]);
    const list = await ask('GET', `${stack.path}/list_links?search=Client&page_size=10`);
    expect(list.body.links.map((link: { id: number }) => link.id)).toContain(id);

    const gone = await ask('DELETE', `/link/${id}/webhooks/${encodeURIComponent(hook)}`);
    expect(gone).toMatchObject({ status: 200, body: { id: hook } });
    expect((await ask('GET', `/link/${id}/webhooks`)).body).toEqual([]);
    const trashed = await ask('DELETE', `${stack.path}/links/${id}`);
    expect([trashed.status, typeof trashed.body]).toEqual([200, 'string']);
    expect((await stack.click(slug)).status).toBe(404);
    await target.close();
  });

  test('finds what was wrong in error, then in errors', async () => {
    const { status, body } = await ask('POST', `${stack.path}/links`, { url: 'nowhere', slug: '/api' });
    expect(status).toBe(422);
    expect(typeof body.error).toBe('string');
    expect(Object.keys(body.errors).sort()).toEqual(['slug', 'url']);
  });

  test('sets the webhooks of the workspace as text, and those of a link as text or a list', async () => {
    const lines = 'http://localhost:9/a?secret=1\nhttp://localhost:9/b';
    expect((await ask('PATCH', stack.path, { webhooks: lines })).body.webhooks).toEqual(lines.split('\n'));
    expect((await ask('PATCH', stack.path, { webhooks: '', name: 'Mine' })).body).toMatchObject({
      name: 'Mine',
      webhooks: [],
    });
    const made = await ask('POST', '/link', { url: 'https://example.com/', webhooks: lines });
    expect(made.body.webhooks).toEqual(lines.split('\n'));
  });
});

test('a missing object and another workspace’s object get identical responses', async () => {
  const { key } = await createWorkspace(stack.url);
  const { body: link } = await stack.call('POST', '/link', { url: 'https://example.com/' });
  const text = async (id: number) => {
    const answer = await fetch(`${stack.url}/api/v1/link/${id}`, { headers: { 'x-api-key': key } });
    const { date: _date, 'content-length': length, ...headers } = Object.fromEntries(answer.headers);
    return [answer.status, length, headers, await answer.text()];
  };
  expect(await text(link.id)).toEqual(await text(999_999));
  expect((await text(link.id))[0]).toBe(404);
});
