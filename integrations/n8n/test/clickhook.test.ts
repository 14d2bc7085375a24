import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Workspace } from '../../../test/end-to-end/local-stack.ts';
import { startReceiver } from '../../../test/end-to-end/receiver.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { Clickhook } from '../nodes/Clickhook/Clickhook.node.ts';
import { type Credential, type Entered, execute, searchLinks, testCredential } from './n8n.ts';

const node = new Clickhook();
let workspace: Workspace;
let credential: Credential;

const run = (entered: Entered, further: object = {}) => execute({ node, credential, entered, ...further });
const link = (operation: string, entered: Entered = {}) => run({ resource: 'link', operation, ...entered });
const click = (operation: string, entered: Entered = {}) => run({ resource: 'click', operation, ...entered });
const byId = (value: unknown) => ({ mode: 'id', value });
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const PERSON = {
  headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
};

beforeAll(async () => {
  workspace = await sharedWorkspace();
  credential = { baseUrl: `${workspace.url}/`, apiKey: workspace.key };
});

describe('the test of the credential', () => {
  test('succeeds with a valid key, also with a slash at the end of the base URL', async () => {
    expect(await testCredential(credential)).toBe(200);
  });

  test('fails with a wrong key', async () => {
    expect(await testCredential({ ...credential, apiKey: 'ck_wrong' })).toBe(401);
  });
});

test('a link is created, read, changed, listed and deleted', async () => {
  const fields = { name: 'From n8n', slug: '/n8n', utm_source: 'n8n' };
  const [created] = await link('create', { url: 'https://example.com/', additionalFields: fields });
  expect(created).toMatchObject({ ...fields, url: 'https://example.com/', enabled: true });
  const linkId = byId(created?.id);
  const [changed] = await link('update', {
    linkId,
    updateFields: { note: 'Changed', url: 'https://example.com/2' },
  });
  expect(changed).toMatchObject({ ...fields, note: 'Changed', url: 'https://example.com/2' });
  expect(await link('get', { linkId })).toMatchObject([{ id: created?.id, note: 'Changed' }]);
  expect(await link('getAll', { filters: { search: 'From n8n' } })).toMatchObject([{ id: created?.id }]);

  expect(await link('delete', { linkId })).toEqual([{ deleted: true, id: created?.id }]);
  expect((await workspace.click('/n8n')).status).toBe(404);
  expect(await link('getAll', { filters: { search: 'From n8n' } })).toEqual([]);
  expect(await link('getAll', { filters: { search: 'From n8n', deleted: true } })).toHaveLength(1);
});

test('each input item creates its own link', async () => {
  const url = (item: number) => `https://example.com/${item}`;
  const created = await run({ resource: 'link', operation: 'create', url }, { items: 3 });
  expect(created.map((one) => one.url)).toEqual([0, 1, 2].map(url));
});

test('get many returns at most the limit, or all links of all pages', async () => {
  const links = Array.from({ length: 5 }, (_one, index) => ({
    url: 'https://example.com/',
    name: `Page ${index}`,
  }));
  await workspace.call('POST', `${workspace.path}/links`, links);
  const filters = { search: 'Page' };
  expect(await link('getAll', { filters, limit: 2 })).toHaveLength(2);
  expect(await link('getAll', { filters, returnAll: true })).toHaveLength(5);
});

test('a person chooses a link from a list that can be searched', async () => {
  const [created] = await link('create', {
    url: 'https://example.com/',
    additionalFields: { name: 'Choose me' },
  });
  const found = await searchLinks({ node, credential, entered: {} }, 'Choose me');
  expect(found?.results).toEqual([
    { name: `Choose me (${created?.full_url})`, value: created?.id, url: 'https://example.com/' },
  ]);
});

test('clicks are read one by one, as a series and as a breakdown', async () => {
  const receiver = await startReceiver();
  const additionalFields = { webhooks: receiver.url };
  const [created] = await link('create', { url: 'https://example.com/', additionalFields });
  for (let number = 0; number < 3; number++) await workspace.click(String(created?.slug), PERSON);
  // A click is counted before it is delivered.
  await receiver.waitFor(3);
  const ofLink = { clicksOf: 'link', linkId: byId(created?.id) };
  const filters = { end: tomorrow() };

  const clicks = await click('getAll', { ...ofLink, filters, returnAll: true });
  expect(clicks).toMatchObject(Array(3).fill({ link_id: created?.id, browser: 'Firefox' }));
  expect(await click('getAll', { ...ofLink, filters, limit: 2 })).toHaveLength(2);
  const days = await click('getSeries', ofLink);
  expect(days.at(-1)).toEqual({ time: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), clicks: 3 });
  expect(await click('getBreakdown', { ...ofLink, counter: 'browser' })).toEqual([
    { value: 'Firefox', clicks: 3 },
  ]);
  expect(await click('getBreakdown', { ...ofLink, counter: 'browser', filters: { bots: 'only' } })).toEqual(
    [],
  );
  await receiver.close();
});

describe('an error says what to change:', () => {
  const wrongKey = () => ({ credential: { ...credential, apiKey: 'ck_wrong' } });
  const noServer = () => ({ credential: { ...credential, baseUrl: `${workspace.url}/app` } });

  test.each([
    ['a wrong URL', { operation: 'create', url: 'nowhere' }, /url: must be a full URL/],
    ['an unknown link', { operation: 'get', linkId: byId('999999') }, /Not found/],
    ['no link', { operation: 'get' }, /is not the ID of a link/],
    [
      'an id that leads elsewhere',
      { operation: 'delete', linkId: byId('..') },
      /"\.\." is not the ID of a link/,
    ],
  ])('%s', async (_case, entered, message) => {
    await expect(run({ resource: 'link', ...entered })).rejects.toThrow(message);
  });

  test('a wrong key', async () => {
    await expect(run({}, wrongKey())).rejects.toThrow('That API key isn’t valid');
  });

  test('an address that is not a Clickhook', async () => {
    const other = await startReceiver((response) => response.end('<html>'));
    const elsewhere = { credential: { ...credential, baseUrl: other.url } };
    await expect(run({}, elsewhere)).rejects.toThrow('not the address of a Clickhook');
    await other.close();
  });

  test('the base URL may be that of the dashboard', async () => {
    expect(await run({ resource: 'link', operation: 'getAll' }, noServer())).toEqual(expect.any(Array));
  });

  test('with "continue on fail", the other items are done', async () => {
    const url = (item: number) => (item === 1 ? 'nowhere' : 'https://example.com/');
    const entered = { resource: 'link', operation: 'create', url };
    const output = await run(entered, { items: 3, continueOnFail: true });
    expect(output).toMatchObject(
      [{ id: expect.any(Number) }, { error: /url/ }, { id: expect.any(Number) }].map((one) =>
        'error' in one ? { error: expect.stringContaining('url') } : one,
      ),
    );
  });
});
