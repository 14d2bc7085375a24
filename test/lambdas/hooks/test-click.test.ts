import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { parseClick } from '../../../lambdas/deliver/message.ts';
import { test as handler } from '../../../lambdas/hooks/handlers.ts';
import { hookId } from '../../../lambdas/hooks/hook.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create } from '../links/link-calls.ts';

const queue = mockClient(SQSClient);
const table = engineTable();
const sample = (key?: string) =>
  call(handler, { method: 'POST', pathParameters: { link_id: '1' }, ...(key ? { key } : {}) });
const ofWorkspace = () => call(handler, { method: 'POST', pathParameters: { workspace_id: '1' } });
const HOOK = 'https://hooks.example.com/';
const subscribe = (owner: string) =>
  table.put({ pk: owner, sk: 'HOOK#1', hook_id: '1', url: HOOK, created_at: '2027-01-31T12:00:00Z' });
const messages = () => queue.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

beforeEach(async () => {
  queue.reset();
  queue.on(SendMessageCommand).resolves({});
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  process.env.CLICKHOOK_CLICKS_QUEUE_URL = 'https://sqs.example.com/1/clicks';
  await create({ slug: '/sale', name: 'Sale', utm_source: 'mail', webhooks: [HOOK] });
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('a sample click of the link goes to the ordinary queue and is marked as not counted', async () => {
  const { status, body } = await sample();
  expect([status, body.webhooks]).toEqual([202, 1]);
  expect(messages()).toHaveLength(1);
  expect(messages()[0]).toMatchObject({ QueueUrl: 'https://sqs.example.com/1/clicks', MessageGroupId: '1' });
  const message = parseClick({ body: messages()[0]?.MessageBody } as SQSRecord);
  expect(message).toMatchObject({ link_id: 1, workspace_id: 1, counted: false, rule: null });
  expect(message?.payload).toEqual(body.payload);
  expect(message?.payload.click.id).toBe(body.click_id);
  expect(message?.payload.link).toMatchObject({ id: 1, name: 'Sale', slug: '/sale', utm_source: 'mail' });
  expect(message?.payload.click.params).toEqual({ clickhook_test: 'true' });
});

test('a sample click of a workspace is on a made-up link, so that only the webhooks of the workspace receive it', async () => {
  await subscribe('WORKSPACE#1');
  const { status, body } = await ofWorkspace();
  expect([status, body.webhooks]).toEqual([202, 1]);
  const message = parseClick({ body: messages()[0]?.MessageBody } as SQSRecord);
  expect(message).toMatchObject({ link_id: 0, workspace_id: 1, counted: false });
  expect(message?.payload).toEqual(body.payload);
  const real = (await sample()).body.payload;
  expect(Object.keys(body.payload.link)).toEqual(Object.keys(real.link));
  expect(body.payload.link).toMatchObject({ id: 0, workspace_id: 1, slug: '/sample', enabled: true });
});

test('a test click of a link counts the webhooks of the link and of its workspace', async () => {
  await subscribe('WORKSPACE#1');
  expect((await sample()).body).toMatchObject({ webhooks: 2, message: expect.stringMatching(/on its way/) });
});

test('without a webhook nothing is sent, and the answer says so', async () => {
  await table.remove({ pk: 'LINK#1', sk: `HOOK#${hookId('LINK#1', HOOK)}` });
  for (const { status, body } of [await sample(), await ofWorkspace()]) {
    expect([status, body]).toEqual([
      200,
      {
        message: expect.stringMatching(/^Nothing was sent, because .* Add a webhook first\.$/),
        webhooks: 0,
        click_id: body.payload.click.id,
        payload: expect.objectContaining({ event: 'click' }),
      },
    ]);
  }
  expect(messages()).toEqual([]);
});

test('a workspace accepts one test click per second', async () => {
  await subscribe('WORKSPACE#1');
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  expect((await ofWorkspace()).status).toBe(202);
  clock.mockReturnValue(1_000_999);
  expect(await ofWorkspace()).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  // A link has a limit of its own.
  expect((await sample()).status).toBe(202);
});

test('a link accepts one test click per second', async () => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  expect((await sample()).status).toBe(202);
  clock.mockReturnValue(1_000_999);
  expect(await sample()).toMatchObject({ status: 429, body: { error: 'rate_limit_exceeded', limit: 1 } });
  clock.mockReturnValue(1_001_000);
  expect((await sample()).status).toBe(202);
  expect(messages()).toHaveLength(2);
});

test('another workspace’s link is a 404, and nothing is sent', async () => {
  table.writes = [];
  expect((await sample(OTHER_KEY)).status).toBe(404);
  expect([messages(), table.writes]).toEqual([[], []]);
});

test('a queue that does not respond is a 503 that says to try again', async () => {
  queue.on(SendMessageCommand).rejects(new Error('down'));
  expect((await sample()).status).toBe(503);
});
