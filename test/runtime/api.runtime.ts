import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { API_ROUTES } from '../../lambdas/endpoints.ts';
import { type Receiver, startReceiver } from '../end-to-end/receiver.ts';
import { type RuntimeStack, startRuntimeStack } from './runtime-stack.ts';
import { bytesOf, createWorkspace, LOOPBACK, type Workspace, warmUp } from './workspace.ts';

let stack: RuntimeStack;
let workspace: Workspace;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startRuntimeStack(LOOPBACK);
  workspace = await createWorkspace(stack);
});

afterAll(async () => {
  await stack.close();
  await receiver.close();
});

const at = (path: string) => `/workspace/${workspace.id}${path}`;

/** The status of a call, and its body. */
async function call(...args: Parameters<Workspace['call']>): Promise<[status: number, body: any]> {
  const { status, body } = await workspace.call(...args);
  return [status, body];
}

test('links are created, read, changed, listed, exported, moved to the trash and restored', async () => {
  const [created, link] = await call('POST', '/link', { url: 'https://example.com/', slug: '/a' });
  expect([created, link]).toEqual([200, expect.objectContaining({ slug: '/a', workspace_id: workspace.id })]);
  expect(await call('POST', '/link', { id: link.id, name: 'Größe 42' })).toEqual([
    200,
    expect.objectContaining({ id: link.id, name: 'Größe 42' }),
  ]);
  expect(await call('GET', `/link/${link.id}`)).toEqual([200, expect.objectContaining({ name: 'Größe 42' })]);
  expect(await call('PATCH', at(`/links/${link.id}`), { note: 'By path' })).toEqual([
    200,
    expect.objectContaining({ name: 'Größe 42', note: 'By path' }),
  ]);
  const [listed, page] = await call(
    'GET',
    at('/list_links'),
    undefined,
    'search=gr%C3%B6%C3%9Fe&page_size=5',
  );
  expect([listed, page.links]).toEqual([200, [expect.objectContaining({ id: link.id })]]);
  expect(await call('GET', at('/links/export'))).toEqual([200, [expect.objectContaining({ id: link.id })]]);
  expect(await call('DELETE', at(`/links/${link.id}`))).toEqual([200, expect.any(String)]);
  const { id } = await workspace.linkTo({ slug: '/b' });
  expect(await call('DELETE', at('/links'), { ids: [id] })).toEqual([
    200,
    expect.objectContaining({ deleted: [id], not_found: [] }),
  ]);
  expect(await call('POST', at('/links/restore'), { ids: [id] })).toEqual([
    200,
    expect.objectContaining({ restored: [id], not_found: [] }),
  ]);
});

test('a link can be saved with a form, which arrives as base64', async () => {
  const { key } = (await workspace.call('POST', at('/keys'))).body;
  const answer = await stack.request({
    method: 'POST',
    path: '/api/v1/link',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': key },
    body: new URLSearchParams({ url: 'https://example.com/?a=1&b=2', slug: '/form' }).toString(),
  });
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(bytesOf(answer).toString())).toMatchObject({
    slug: '/form',
    url: 'https://example.com/?a=1&b=2',
  });
});

test('webhooks are added, listed, tested, checked and deleted by their URL', async () => {
  const { id } = await workspace.linkTo({ slug: '/hooked' });
  const hooks = `/link/${id}/webhooks`;
  const url = `${receiver.url}/hook`;
  expect(await call('POST', hooks, { url })).toEqual([201, expect.objectContaining({ url })]);
  expect(await call('GET', hooks)).toEqual([200, [expect.objectContaining({ url })]]);
  const [tested, { click_id, payload }] = await call('POST', `${hooks}/test`);
  expect(tested).toBe(202);
  const messages = await stack.takeMessages();
  expect(messages.map(({ Body }) => JSON.parse(Body ?? '').payload.click.id)).toEqual([click_id]);
  expect(await stack.deliver(messages)).toEqual({ batchItemFailures: [] });
  expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([payload]);
  expect(await call('POST', `${hooks}/check`, { url })).toEqual([
    200,
    expect.objectContaining({ url, outcome: 'delivered', status: 204 }),
  ]);
  expect(receiver.received).toHaveLength(2);
  expect((await call('POST', at('/webhooks/test')))[1]).toMatchObject({ webhooks: 0 });
  // The gateway decodes the path before it routes.
  expect((await call('DELETE', `${hooks}/${url}`))[0]).toBe(200);
  expect(await call('GET', hooks)).toEqual([200, []]);
});

test('clicks are counted by day and country, exported and deleted, and shown to everyone if their link says so', async () => {
  const { id, slug } = await workspace.linkTo({ slug: '/counted', public_analytics: true });
  await warmUp(stack, slug);
  await stack.request({ method: 'GET', path: slug });
  const messages = await stack.takeMessages();
  expect(await stack.deliver(messages)).toEqual({ batchItemFailures: [] });
  const [{ click }] = messages.map(({ Body }) => JSON.parse(Body ?? '').payload) as [
    { click: { id: string } },
  ];
  const filter = `link_id=${id}&bots=include`;
  const [, { traffic }] = await call('GET', at('/clicks'), undefined, filter);
  expect(traffic.at(-1)).toEqual({ t: new Date().toISOString().slice(0, 10), y: 1 });
  expect(await call('GET', at('/clicks/counters/country'), undefined, filter)).toEqual([
    200,
    { total: 1, values: [{ value: 'US', count: 1 }] },
  ]);
  const days = `${filter}&end=${new Date().toISOString().slice(0, 10)}`;
  expect(await call('GET', at('/clicks/export'), undefined, days)).toEqual([
    200,
    [expect.objectContaining({ id: click.id, link_id: id })],
  ]);
  const { statusCode } = await stack.request({
    method: 'GET',
    path: '/api/v1/public/statistics',
    query: 'slug=/counted',
  });
  expect(statusCode).toBe(200);
  expect(await call('DELETE', `/link/${id}/clicks`)).toEqual([200, { deleted: 1, complete: true }]);
});

test('custom domains are added, listed, given an icon and deleted', async () => {
  const [created, domain] = await call('POST', at('/domains'), { name: 'go.example.com' });
  expect([created, domain]).toEqual([
    201,
    expect.objectContaining({ name: 'go.example.com', favicon: null }),
  ]);
  const favicon = 'https://example.com/icon.png';
  expect(await call('PATCH', at(`/domains/${domain.id}/favicon`), { favicon })).toEqual([
    200,
    expect.objectContaining({ favicon }),
  ]);
  const [, { domains }] = await call('GET', at('/domains'));
  expect(domains).toEqual([expect.objectContaining({ favicon })]);
  expect((await call('DELETE', at(`/domains/${domain.id}`)))[0]).toBe(200);
});

test('API keys are created, checked, listed and revoked', async () => {
  const [created, { prefix }] = await call('POST', at('/keys'));
  expect(created).toBe(201);
  const own = expect.objectContaining({ id: workspace.id });
  expect(await call('POST', '/test', [])).toEqual([200, expect.objectContaining({ workspace: own })]);
  expect(await call('GET', at('/keys'))).toEqual([
    200,
    expect.arrayContaining([expect.objectContaining({ prefix })]),
  ]);
  expect(await call('DELETE', at(`/keys/${prefix}`))).toEqual([200, expect.objectContaining({ prefix })]);
});

test('the signing secret is created, read and deleted', async () => {
  const [created, { secret }] = await call('POST', at('/signing-secret'));
  expect([created, secret]).toEqual([201, expect.stringMatching(/^whsec_/)]);
  expect(await call('GET', at('/signing-secret'))).toEqual([200, expect.objectContaining({ secret })]);
  expect((await call('DELETE', at('/signing-secret')))[0]).toBe(200);
  expect((await call('GET', at('/signing-secret')))[0]).toBe(404);
});

test('the workspace is listed, changed and read', async () => {
  expect(await call('GET', '/workspaces')).toEqual([200, [{ id: workspace.id, name: 'Runtime' }]]);
  const settings = { name: 'Renamed', excluded_ips: ['203.0.113.0/24'] };
  expect(await call('PATCH', at(''), settings)).toEqual([200, expect.objectContaining(settings)]);
  expect(await call('GET', at(''))).toEqual([200, expect.objectContaining(settings)]);
});

test('calls without a key get 401, and wrong input gets 422', async () => {
  const { statusCode } = await stack.request({ method: 'GET', path: '/api/v1/workspaces' });
  expect(statusCode).toBe(401);
  expect(await call('POST', '/link', { url: 'nowhere' })).toEqual([
    422,
    expect.objectContaining({ code: 'invalid_input', errors: { url: [expect.any(String)] } }),
  ]);
});

test('the tests above have called every endpoint of the API', () => {
  const called = stack.invoked().map((name) => name.replace(/^Management|[0-9A-F]{8}$/g, ''));
  expect(called).toEqual(expect.arrayContaining(API_ROUTES.map(({ endpoint }) => endpoint.id)));
});
