import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorkspace, type Workspace } from '../../../test/end-to-end/local-stack.ts';
import { startReceiver } from '../../../test/end-to-end/receiver.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { type Agent, startAgent } from './agent.ts';

let workspace: Workspace;
let agent: Agent;

const settings = () => ({ CLICKHOOK_BASE_URL: workspace.url, CLICKHOOK_API_KEY: workspace.key });
const PERSON = {
  headers: {
    'user-agent':
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  },
};
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  workspace = await sharedWorkspace();
  agent = await startAgent(settings());
});

afterAll(async () => {
  await agent?.close();
});

test('an agent creates a link, and after a click reads the reports about it', async () => {
  const receiver = await startReceiver();
  const link = await agent.call('create_link', {
    url: 'https://example.com/sale',
    name: 'Sale',
    enabled: true,
  });
  await agent.call('add_link_webhook', { link_id: link.id, url: receiver.url });
  expect((await workspace.click(link.slug, PERSON)).status).toBe(302);
  // The click is counted before it is delivered.
  await receiver.waitFor(1);

  const found = await agent.call('list_links', { search: 'Sale' });
  expect(found.links).toMatchObject([{ id: link.id, full_url: link.full_url }]);
  const counted = await agent.call('count_clicks', { link_id: link.id, bots: 'exclude' });
  expect(counted.traffic.at(-1)).toMatchObject({ y: 1 });
  expect(await agent.call('count_clicks_by', { counter: 'platform', link_id: link.id })).toMatchObject({
    total: 1,
  });
  const clicks = await agent.call('list_clicks', { link_id: link.id, end: tomorrow() });
  expect(clicks).toMatchObject([{ platform: 'ios' }]);
  await receiver.close();
});

test('a list of clicks that does not fit in one answer names the cursor of the next', async () => {
  const receiver = await startReceiver();
  const link = await agent.call('create_link', { url: 'https://example.com/', webhooks: [receiver.url] });
  for (let click = 0; click < 3; click++) await workspace.click(link.slug, PERSON);
  await receiver.waitFor(3);
  const input = { link_id: link.id, end: tomorrow(), page_size: 2 };
  const first = await agent.call('list_clicks', input);
  expect(first).toMatchObject({ items: [{}, {}], next_cursor: expect.any(String) });
  expect(await agent.call('list_clicks', { ...input, cursor: first.next_cursor })).toHaveLength(1);
  await receiver.close();
});

test('an agent changes, deletes and restores a link', async () => {
  const { id, slug } = await agent.call('create_link', { url: 'https://example.com/old' });
  const changed = await agent.call('update_link', {
    link_id: id,
    url: 'https://example.com/new',
    note: 'Moved',
  });
  expect(changed).toMatchObject({ id, slug, url: 'https://example.com/new', note: 'Moved' });
  await agent.call('delete_link', { link_id: id });
  expect((await workspace.click(slug)).status).toBe(404);
  await agent.call('restore_links', { ids: [id] });
  expect((await workspace.click(slug)).headers.get('location')).toBe('https://example.com/new');
});

test('an agent adds, tests, lists and deletes webhooks of a link and of the workspace', async () => {
  const receiver = await startReceiver();
  const { id } = await agent.call('create_link', { url: 'https://example.com/' });
  const ofLink = await agent.call('add_link_webhook', { link_id: id, url: `${receiver.url}/link` });
  const ofAll = await agent.call('add_workspace_webhook', { url: `${receiver.url}/all` });
  await agent.call('test_link_webhooks', { link_id: id });
  expect((await receiver.waitFor(2)).map(({ path }) => path).sort()).toEqual(['/all', '/link']);
  expect(await agent.call('list_link_webhooks', { link_id: id })).toMatchObject([
    { hook_id: ofLink.hook_id },
  ]);
  await agent.call('delete_link_webhook', { link_id: id, hook_id: ofLink.hook_id });
  await agent.call('delete_workspace_webhook', { hook_id: `${receiver.url}/all` });
  expect(ofAll.url).toBe(`${receiver.url}/all`);
  expect(await agent.call('list_link_webhooks', { link_id: id })).toEqual([]);
  expect(await agent.call('list_workspace_webhooks')).toEqual([]);
  await receiver.close();
});

describe('a mistake is a tool error in plain words, and the server goes on:', () => {
  test.each([
    ['a wrong URL', 'create_link', { url: 'nowhere' }, /url: must be a full URL/],
    ['a missing argument', 'create_link', { name: 'No URL' }, /url: missing/],
    [
      'an unknown argument',
      'create_link',
      { url: 'https://example.com/', colour: 'red' },
      /no argument colour/,
    ],
    ['an unknown id', 'get_link', { link_id: 999_999 }, /Not found.*ids/],
    ['an id that leads elsewhere', 'delete_link', { link_id: '..' }, /cannot be "\.\."/],
    ['an empty id', 'delete_link', { link_id: '' }, /link_id is missing/],
    ['an id with a slash', 'get_link', { link_id: '1/webhooks' }, /\w/],
    ['an unknown counter', 'count_clicks_by', { counter: 'city' }, /\w/],
    ['an unknown tool', 'drop_tables', {}, /no tool drop_tables/],
  ])('%s', async (_case, name, input, message) => {
    expect(await agent.failure(name, input)).toMatch(message);
    expect(await agent.call('get_workspace')).toMatchObject({ id: workspace.id });
  });
});

test('a key sees only its own workspace', async () => {
  const other = await createWorkspace(workspace.url);
  const { body: link } = await other.call('POST', '/link', { url: 'https://example.com/' });
  expect(await agent.failure('get_link', { link_id: link.id })).toContain('Not found');
});

test('when the key is revoked later, tools say so', async () => {
  const created = await workspace.call('POST', `${workspace.path}/keys`, {});
  const { key, prefix } = created.body;
  const late = await startAgent({ ...settings(), CLICKHOOK_API_KEY: key });
  await workspace.call('DELETE', `${workspace.path}/keys/${prefix}`);
  expect(await late.failure('list_links')).toContain('API key isn’t valid');
  await late.close();
});
