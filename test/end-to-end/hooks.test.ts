import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import { createWorkspace, type Workspace } from './local-stack.ts';

let stack: Workspace;
let other: Workspace;
let path: string;

beforeAll(async () => {
  stack = await sharedWorkspace();
  other = await createWorkspace(stack.url);
});

beforeEach(async () => {
  const { body } = await stack.call('POST', '/link', { url: 'https://example.com/' });
  path = `/link/${body.id}/webhooks`;
});

const URL_WITH_SECRET = 'https://hooks.example.com/in//box?secret=1&x=%2F';

describe('a webhook', () => {
  test('is subscribed once, listed, and deleted by any of its names', async () => {
    const created = await stack.call('POST', path, { url: URL_WITH_SECRET });
    expect(created).toEqual({
      status: 201,
      body: {
        id: URL_WITH_SECRET,
        hook_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        url: URL_WITH_SECRET,
        created_at: expect.any(String),
      },
    });
    expect(await stack.call('POST', path, { url: URL_WITH_SECRET })).toEqual({ ...created, status: 200 });
    expect((await stack.call('GET', path)).body).toEqual([created.body]);
    for (const name of [
      `/${encodeURIComponent(URL_WITH_SECRET)}`,
      `/${created.body.hook_id}`,
      `?url=${encodeURIComponent(URL_WITH_SECRET)}`,
    ]) {
      expect((await stack.call('DELETE', path + name)).status).toBe(200);
      expect((await stack.call('GET', path)).body).toEqual([]);
      expect((await stack.call('DELETE', path + name)).status).toBe(404);
      await stack.call('POST', path, { url: URL_WITH_SECRET });
    }
  });

  test('is not deleted by a guess when its URL differs only in the query that was cut off', async () => {
    for (const n of [1, 2]) await stack.call('POST', path, { url: `https://hooks.example.com/?secret=${n}` });
    const answer = await stack.call(
      'DELETE',
      `${path}/${encodeURIComponent('https://hooks.example.com/?secret=1')}`,
    );
    expect(answer).toMatchObject({ status: 409, body: { error: expect.stringContaining('?url=') } });
    expect((await stack.call('GET', path)).body).toHaveLength(2);
  });

  test('can be subscribed with a form', async () => {
    const answer = await stack.call('POST', path, 'url=https%3A%2F%2Fhooks.example.com%2Fform', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer).toMatchObject({ status: 201, body: { id: 'https://hooks.example.com/form' } });
  });

  test('beyond the limit of 25 per link is a 409 that says so', async () => {
    for (let n = 1; n <= 25; n++) {
      expect((await stack.call('POST', path, { url: `https://hooks.example.com/${n}` })).status).toBe(201);
    }
    const answer = await stack.call('POST', path, { url: 'https://hooks.example.com/26' });
    expect(answer).toMatchObject({ status: 409, body: { error: expect.stringContaining('25') } });
    expect((await stack.call('GET', path)).body).toHaveLength(25);
  });

  test.each([
    ['http://10.0.0.1/'],
    ['http://169.254.169.254/'],
    ['http://intranet/'],
    ['ftp://example.com/'],
    ['https://a:b@example.com/'],
  ])('%s is rejected with the reason at the field', async (url) => {
    const answer = await stack.call('POST', path, { url });
    expect(answer).toMatchObject({ status: 422, body: { errors: { url: [expect.any(String)] } } });
    expect((await stack.call('GET', path)).body).toEqual([]);
  });
});

describe('a key', () => {
  test('is accepted in every form that clients use', async () => {
    const forms: [string, Record<string, string>][] = [
      ['', { authorization: `Bearer ${stack.key}` }],
      ['', { authorization: `Basic ${Buffer.from(`${stack.key}:`).toString('base64')}` }],
      ['', { 'x-api-key': stack.key, 'x-workspace-id': String(stack.id) }],
      [`?api_key=${stack.key}&workspace_id=${stack.id}`, {}],
    ];
    for (const [query, headers] of forms) {
      const response = await fetch(`${stack.url}/api/v1${path}${query}`, { headers });
      expect([query, headers, response.status]).toEqual([query, headers, 200]);
    }
    const form = await fetch(`${stack.url}/api/v1${path}`, {
      method: 'POST',
      body: new URLSearchParams({ api_key: stack.key, url: 'https://hooks.example.com/' }),
    });
    expect(form.status).toBe(201);
  });

  test('of another workspace sees nothing of this one, and gets the same response as for a missing object', async () => {
    await stack.call('POST', path, { url: URL_WITH_SECRET });
    const asOther = (method: string, route: string, body?: unknown) =>
      stack.call(method, route, body, { authorization: `Bearer ${other.key}` });
    const missing = await asOther('GET', '/link/999999');
    expect(missing.status).toBe(404);
    for (const [method, route] of [
      ['GET', path],
      ['POST', path],
      ['DELETE', `${path}/${encodeURIComponent(URL_WITH_SECRET)}`],
      ['GET', path.replace('/webhooks', '')],
      ['GET', `${stack.path}/webhooks`],
      ['POST', `${stack.path}/webhooks`],
      ['GET', `${stack.path}/list_links`],
    ] as const) {
      const answer = await asOther(
        method,
        route,
        method === 'POST' ? { url: 'https://x.example/' } : undefined,
      );
      expect([route, answer]).toEqual([route, missing]);
    }
    expect((await asOther('GET', '/workspaces')).body).toEqual([{ id: other.id, name: 'Other' }]);
    expect((await stack.call('GET', path)).body).toHaveLength(1);
  });
});
