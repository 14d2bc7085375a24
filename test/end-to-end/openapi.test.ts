import { beforeAll, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import { type ApiDocument, readApiDocument } from './api-document.ts';
import type { Workspace } from './local-stack.ts';

let stack: Workspace;
let api: ApiDocument;

beforeAll(async () => {
  stack = await sharedWorkspace();
  own = { workspace_id: stack.id };
  api = await readApiDocument(stack);
});

const V1 = '/api/v1';
const WORKSPACE = `${V1}/workspace/{workspace_id}`;
let own: { workspace_id: number };
const get = (template: string, path: Record<string, string | number> = own, query = {}) =>
  api.call({ operation: `get ${template}`, path, query });
const send = (
  method: string,
  template: string,
  body: unknown,
  path: Record<string, string | number> = own,
  query = {},
) => api.call({ operation: `${method} ${template}`, path, query, ...(body === undefined ? {} : { body }) });

async function links(): Promise<void> {
  const rules = [{ what: 'rotator', url: 'https://example.com/b', percentage: '50' }];
  const fields = { url: 'https://example.com/', name: 'Sale', rules, enabled: 'true', expiry_clicks: 9 };
  const { body: link } = await send('post', `${V1}/link`, fields, {});
  expect((await send('post', `${V1}/link`, { id: link.id, password: 'hunter two' }, {})).body.id).toBe(
    link.id,
  );
  const { body: many } = await send('post', `${WORKSPACE}/links`, [{ url: 'https://example.com/2' }]);
  expect((await send('post', `${WORKSPACE}/links`, { url: 'no address' })).status).toBe(422);
  await send('post', `${V1}/links`, { url: 'https://example.com/3' }, {});
  await get(`${V1}/link/{link_id}`, { link_id: link.id });
  await get(`${V1}/get_link/{link_id}`, { link_id: link.id });
  expect((await get(`${V1}/link/{link_id}`, { link_id: 99_999 })).status).toBe(404);
  expect((await get(`${WORKSPACE}/list_links`)).body.links.length).toBeGreaterThan(1);
  expect((await get(`${WORKSPACE}/list_links`, own, { page: '0' })).status).toBe(422);
  await get(`${WORKSPACE}/links`, own, { page_size: '5000', sort_by: 'human_clicks_previous_day' });
  await get(`${WORKSPACE}/links/export`);
  await get(`${WORKSPACE}/links/export`, own, { format: 'csv' });
  const path = { ...own, link_id: link.id };
  expect((await send('patch', `${WORKSPACE}/links/{link_id}`, { name: 'New' }, path)).status).toBe(200);
  await send('delete', `${WORKSPACE}/links/{link_id}`, undefined, path);
  await send('delete', `${WORKSPACE}/links`, { ids: [many[0].id, 99_999] });
  const { body: restored } = await send('post', `${WORKSPACE}/links/restore`, { ids: [link.id, 99_999] });
  expect(restored).toMatchObject({ restored: [link.id], not_found: [99_999] });
}

async function webhooks(owner: string, id: number): Promise<void> {
  const template = `${V1}/${owner}/{${owner}_id}/webhooks`;
  const path = { [`${owner}_id`]: id };
  const url = 'http://localhost:9/hook?secret=1';
  expect((await send('post', template, { url }, path)).status).toBe(201);
  expect((await send('post', template, { url }, path)).status).toBe(200);
  const { body: hooks } = await get(template, path);
  await send('delete', template, undefined, path, { url });
  expect((await send('delete', template, undefined, path, { url })).status).toBe(404);
  const { body: again } = await send('post', template, { url }, path);
  expect(hooks.map((hook: { hook_id: string }) => hook.hook_id)).toContain(again.hook_id);
  await send('delete', `${template}/{hook_id}`, undefined, { ...path, hook_id: again.hook_id });
}

async function checks(link_id: number): Promise<void> {
  const url = 'http://localhost:9/hook';
  const check = `${V1}/link/{link_id}/webhooks/check`;
  expect((await send('post', check, { url: 'ftp://localhost/' }, { link_id })).status).toBe(422);
  expect((await send('post', check, { url }, { link_id })).status).toBe(200);
  // Both calls share a limit of one per second, and a busy machine can take longer than that between them.
  expect([200, 429]).toContain((await send('post', `${WORKSPACE}/webhooks/check`, { url })).status);
  expect((await send('post', `${WORKSPACE}/webhooks/test`, undefined)).status).toBe(200);
}

async function workspace(): Promise<void> {
  await get(`${V1}/workspaces`, {});
  await get(WORKSPACE);
  await send('patch', WORKSPACE, { excluded_ips: '192.0.2.1\n2001:db8::/32', skip_crawlers: false });
  const { body: domain } = await send('post', `${WORKSPACE}/domains`, { name: 'go.example.com' });
  expect((await send('post', `${WORKSPACE}/domains`, { name: 'go.example.com' })).status).toBe(200);
  await get(`${WORKSPACE}/domains`);
  const path = { ...own, domain_id: domain.id };
  await send(
    'patch',
    `${WORKSPACE}/domains/{domain_id}/favicon`,
    { favicon: 'https://example.com/i.png' },
    path,
  );
  await send('delete', `${WORKSPACE}/domains/{domain_id}`, undefined, path);
}

async function access(): Promise<void> {
  const { body: key } = await send('post', `${WORKSPACE}/keys`, undefined);
  await get(`${WORKSPACE}/keys`);
  await get(`${V1}/test`, {});
  await send('post', `${V1}/test`, undefined, {});
  await send('delete', `${WORKSPACE}/keys/{prefix}`, undefined, { ...own, prefix: key.prefix });
  const secret = `${WORKSPACE}/signing-secret`;
  expect((await get(secret)).status).toBe(404);
  await send('post', secret, undefined);
  await send('post', secret, undefined);
  await get(secret);
  await send('delete', secret, undefined);
}

async function statistics(): Promise<void> {
  const path = `${V1}/public/statistics`;
  const link = { url: 'https://example.com/', slug: '/documented/statistics', public_analytics: true };
  expect((await send('post', `${V1}/link`, link, {})).status).toBe(200);
  expect((await get(path, {}, { slug: link.slug })).status).toBe(200);
  expect((await get(path, {}, { slug: '/missing' })).status).toBe(404);
  expect((await get(path, {})).status).toBe(422);
}

/** Reports of a new link without clicks, and of the workspace with those of others. */
async function clicks(linkId: number): Promise<void> {
  const reports = `${WORKSPACE}/clicks`;
  const counter = { ...own, counter: 'country' };
  expect((await get(reports)).status).toBe(200);
  expect((await get(reports, own, { pivot: 'link_id', frequency: 'hour', bots: 'only' })).status).toBe(200);
  expect((await get(reports, own, { unique: 'true' })).status).toBe(422);
  expect((await get(`${reports}/counters/{counter}`, counter, { link_id: String(linkId) })).status).toBe(200);
  expect((await get(`${reports}/counters/{counter}`, { ...own, counter: 'city' })).status).toBe(422);
  expect((await get(`${reports}/export`)).status).toBe(200);
  expect((await get(`${reports}/export`, own, { cursor: 'garbage' })).status).toBe(422);
  await send('delete', `${V1}/link/{link_id}/clicks`, undefined, { link_id: linkId });
}

test('every operation of the document responds as documented', async () => {
  await links();
  const { body } = await send('post', `${V1}/link`, { url: 'https://example.com/' }, {});
  await webhooks('link', body.id);
  const testing = `${V1}/link/{link_id}/webhooks/test`;
  expect((await send('post', testing, undefined, { link_id: body.id })).status).toBe(200);
  expect((await send('post', testing, undefined, { link_id: body.id })).status).toBe(429);
  await webhooks('workspace', stack.id);
  await checks(body.id);
  await clicks(body.id);
  await workspace();
  await access();
  await statistics();
  expect([...api.called].sort()).toEqual([...api.operations].sort());
});

test('the document and its viewer need no key and no other origin', async () => {
  const page = await fetch(`${stack.url}/docs`);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  const files = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
  const local = files.filter((file) => file !== 'data:,');
  expect(local).toHaveLength(3);
  for (const file of local) {
    expect(file).toMatch(/^\/docs\//);
    expect((await fetch(stack.url + file)).status).toBe(200);
  }
  expect((await fetch(`${stack.url}/docs/../package.json`)).status).toBe(404);
  expect((await fetch(`${stack.url}/docs/__proto__`)).status).toBe(404);
});
