import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { parseClick } from '../../../lambdas/deliver/message.ts';
import { test as handler } from '../../../lambdas/hooks/handlers.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create } from '../links/link-calls.ts';

const queue = mockClient(SQSClient);
const table = engineTable();
const sample = (key?: string) =>
  call(handler, { method: 'POST', pathParameters: { link_id: '1' }, ...(key ? { key } : {}) });
const messages = () => queue.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

beforeEach(async () => {
  queue.reset();
  queue.on(SendMessageCommand).resolves({});
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  process.env.CLICKHOOK_CLICKS_QUEUE_URL = 'https://sqs.example.com/1/clicks';
  await create({ slug: '/sale', name: 'Sale', utm_source: 'mail' });
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('a sample click of the link goes to the ordinary queue and is marked as not counted', async () => {
  const { status, body } = await sample();
  expect(status).toBe(202);
  expect(messages()).toHaveLength(1);
  expect(messages()[0]).toMatchObject({ QueueUrl: 'https://sqs.example.com/1/clicks', MessageGroupId: '1' });
  const message = parseClick({ body: messages()[0]?.MessageBody } as SQSRecord);
  expect(message).toMatchObject({ link_id: 1, workspace_id: 1, counted: false, rule: null });
  expect(message?.payload).toEqual(body.payload);
  expect(message?.payload.click.id).toBe(body.click_id);
  expect(message?.payload.link).toMatchObject({ id: 1, name: 'Sale', slug: '/sale', utm_source: 'mail' });
  expect(message?.payload.click.params).toEqual({ clickhook_test: 'true' });
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
