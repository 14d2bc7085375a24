import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWorkspace, type Workspace } from '../../../test/end-to-end/local-stack.ts';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { ClickhookTrigger } from '../nodes/ClickhookTrigger/ClickhookTrigger.node.ts';
import { signatureFault } from '../nodes/ClickhookTrigger/signature.ts';
import { type Entered, hook, type Running } from './n8n.ts';
import { startWorkflow, type Workflow } from './workflow.ts';

const PERSON = {
  headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
};
const BOT = { headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } };

let workspace: Workspace;
let running: Running;
let workflow: Workflow;
let link: { id: number; slug: string };

/** A trigger as a person set it up, in a workspace of its own. */
async function setUp(entered: Entered = {}) {
  workspace = await createWorkspace((await sharedWorkspace()).url);
  link = (await workspace.call('POST', '/link', { url: 'https://example.com/' })).body;
  const credential = { baseUrl: workspace.url, apiKey: workspace.key };
  running = { node: new ClickhookTrigger(), credential, entered };
}

const webhooks = async (path: string) => (await workspace.call('GET', `${path}/webhooks`)).body;

beforeAll(async () => {
  workflow = await startWorkflow(() => running);
});

afterAll(async () => {
  await workflow?.close();
});

describe.each([
  ['the workspace', () => ({}), () => workspace.path],
  [
    'one link',
    () => ({ triggerOn: 'link', linkId: { mode: 'id', value: link.id } }),
    () => `/link/${link.id}`,
  ],
])('a trigger of %s', (_owner, entered, path) => {
  test('creates its webhook, starts the workflow on a click, and deletes the webhook', async () => {
    await setUp();
    running.entered = entered();
    expect(await hook(running, workflow.url, 'checkExists')).toBe(false);
    expect(await hook(running, workflow.url, 'create')).toBe(true);
    expect(await hook(running, workflow.url, 'checkExists')).toBe(true);
    expect(await webhooks(path())).toMatchObject([{ url: workflow.url }]);

    const before = workflow.answers.length;
    await workspace.click(link.slug, PERSON);
    await workflow.answered(before + 1);
    expect(workflow.starts.at(-1)).toMatchObject([
      { event: 'click', link: { id: link.id }, click: { browser_name: 'Firefox' } },
    ]);

    expect(await hook(running, workflow.url, 'delete')).toBe(true);
    expect(await webhooks(path())).toEqual([]);
    // n8n may ask again.
    expect(await hook(running, workflow.url, 'delete')).toBe(true);
  });
});

test('the address for tests and the one of the active workflow are two webhooks', async () => {
  await setUp();
  const testUrl = workflow.url.replace('/webhook/', '/webhook-test/');
  await hook(running, workflow.url, 'create');
  await hook(running, testUrl, 'create');
  expect(await webhooks(workspace.path)).toHaveLength(2);
  await hook(running, testUrl, 'delete');
  expect(await webhooks(workspace.path)).toMatchObject([{ url: workflow.url }]);
});

test('clicks of bots start the workflow only without "People Only"', async () => {
  await setUp();
  await hook(running, workflow.url, 'create');
  const [started, answered] = [workflow.starts.length, workflow.answers.length];
  await workspace.click(link.slug, BOT);
  await workflow.answered(answered + 1);
  expect(workflow.starts).toHaveLength(started);
  expect(workflow.answers.at(-1)).toBe(200);
  running.entered = { peopleOnly: false };
  await workspace.click(link.slug, BOT);
  await workflow.answered(answered + 2);
  expect(workflow.starts.at(-1)).toMatchObject([{ click: { bot_name: 'Googlebot' } }]);
});

describe('with a signing secret', () => {
  test('a delivery of Clickhook starts the workflow, and a forged one gets a 401', async () => {
    await setUp();
    const { body } = await workspace.call('POST', `${workspace.path}/signing-secret`, {});
    running.credential.signingSecret = body.secret;
    await hook(running, workflow.url, 'create');
    const answered = workflow.answers.length;
    await workspace.click(link.slug, PERSON);
    await workflow.answered(answered + 1);
    expect(workflow.starts.at(-1)).toMatchObject([{ link: { id: link.id } }]);

    const started = workflow.starts.length;
    const forged = await fetch(workflow.url, { method: 'POST', body: '{"event":"click"}' });
    expect([forged.status, await forged.text()]).toEqual([401, 'The delivery is not signed.']);
    running.credential.signingSecret = `whsec_${Buffer.alloc(32).toString('base64')}`;
    await workspace.click(link.slug, PERSON);
    await workflow.answered(answered + 3);
    expect(workflow.answers.at(-1)).toBe(401);
    expect(workflow.starts).toHaveLength(started);
  });

  // The example in the specification of Standard Webhooks.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const nowSeconds = 1_614_265_330;
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': String(nowSeconds),
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const body = Buffer.from('{"test": 2432232314}');

  test.each([
    ['the example of the specification is valid', {}, body, 0, undefined],
    [
      'so is one of several signatures',
      { 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` },
      body,
      0,
      undefined,
    ],
    ['another body is not', {}, Buffer.from('{}'), 0, /does not match/],
    ['another id is not', { 'webhook-id': 'msg_2' }, body, 0, /does not match/],
    [
      'another version is not',
      { 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      body,
      0,
      /does not match/,
    ],
    ['an old delivery is not', {}, body, 301, /too old/],
    ['a delivery from the future is not', {}, body, -301, /too old/],
    ['a time that is none is not', { 'webhook-timestamp': 'now' }, body, 0, /too old/],
  ])('%s', (_case, changed, sent, laterSeconds, fault) => {
    const found = signatureFault(
      secret,
      { headers: { ...headers, ...changed }, body: sent },
      nowSeconds + laterSeconds,
    );
    if (fault) expect(found).toMatch(fault);
    else expect(found).toBeUndefined();
  });
});

test('a trigger of a link that was deleted can be switched off', async () => {
  await setUp();
  running.entered = { triggerOn: 'link', linkId: { mode: 'id', value: 999_999 } };
  await expect(hook(running, workflow.url, 'create')).rejects.toThrow('Not found');
  expect(await hook(running, workflow.url, 'delete')).toBe(true);
});
