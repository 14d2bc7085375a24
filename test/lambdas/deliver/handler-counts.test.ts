import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { until } from '../until.ts';
import { batch, click } from './sample-click.ts';

/** What each POST answers: no socket is opened in this file. */
const post = jest.fn<() => Promise<typeof DELIVERED>>();
jest.unstable_mockModule('../../../lambdas/deliver/post.ts', () => ({ post }));
const { handler } = await import('../../../lambdas/deliver/handler.ts');

const table = mockClient(DynamoDBDocumentClient);
const DELIVERED = { outcome: { kind: 'delivered', status: 204 }, over: Promise.resolve() };
let written: () => string[];
const NOTHING_RETURNED = { batchItemFailures: [] };
const refused = (name: string, status = 400) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
const updates = () => table.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
const claims = (fate: (clickId: string) => object) =>
  table.on(PutCommand).callsFake(async ({ Item }) => fate(Item.pk));

beforeEach(() => {
  table.reset();
  written = capturedOutput();
  post.mockReset().mockResolvedValue(DELIVERED);
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  process.env.CLICKHOOK_TABLE_NAME = 'main';
  process.env.CLICKHOOK_CLAIMS_TABLE_NAME = 'claims';
  table.on(PutCommand).resolves({});
  table.on(GetCommand).resolves({});
  table
    .on(QueryCommand)
    .resolves({ Items: [{ hook_id: 'h', url: 'https://a.example.com/', created_at: '2025' }] });
  table.on(UpdateCommand).resolves({ Attributes: { clicks_total: 1 } });
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('a batch is counted by one write per link, on the main table', async () => {
  await handler(batch(click(1), click(2), click(3, { link_id: 7 })));
  expect(updates().map(({ TableName, Key }) => [TableName, Key?.pk, Key?.sk])).toEqual([
    ['main', 'LINK#12345', 'CLICKS'],
    ['main', 'LINK#7', 'CLICKS'],
  ]);
  expect(updates()[0]?.ExpressionAttributeValues).toMatchObject({ ':clicks_total': 2 });
});

test.each([
  ['a duplicate', refused('ConditionalCheckFailedException')],
  ['one whose claim was not written', refused('ThrottlingException')],
  ['one whose claim may be written', refused('InternalServerError', 500)],
])('%s is not counted; the others of its batch are', async (_title, error) => {
  claims((clickId) => {
    if (clickId === click(1).click_id) throw error;
    return {};
  });
  await handler(batch(click(1), click(2), click(3)));
  expect(updates()).toMatchObject([
    { Key: { pk: 'LINK#12345' }, ExpressionAttributeValues: { ':clicks_total': 2 } },
  ]);
});

test('neither a message that is no click nor a click whose hooks could not be read is counted', async () => {
  table.on(QueryCommand).rejects(refused('ThrottlingException'));
  await handler(batch('{', click()));
  expect(updates()).toEqual([]);
});

test('a click without hooks counts all the same', async () => {
  table.on(QueryCommand).resolves({ Items: [] });
  await handler(batch(click()));
  expect(post).not.toHaveBeenCalled();
  expect(updates()).toHaveLength(1);
});

test('a count that hangs holds up no post', async () => {
  const counting = Promise.withResolvers<object>();
  table.on(UpdateCommand).callsFake(() => counting.promise);
  const done = handler(batch(click(1), click(2)));
  await until(() => post.mock.calls.length === 4);
  counting.resolve({ Attributes: { clicks_total: 2 } });
  expect(await done).toEqual(NOTHING_RETURNED);
});

test('a hook that hangs holds up no count', async () => {
  const hanging = Promise.withResolvers<typeof DELIVERED>();
  post.mockReturnValue(hanging.promise);
  const done = handler(batch(click()));
  await until(() => updates().length === 1);
  hanging.resolve(DELIVERED);
  expect(await done).toEqual(NOTHING_RETURNED);
});

test('a count that fails is told by its number of clicks; all is posted and nothing comes back', async () => {
  table.on(UpdateCommand).rejects(refused('ThrottlingException'));
  expect(await handler(batch(click(1), click(2)))).toEqual(NOTHING_RETURNED);
  expect(post).toHaveBeenCalledTimes(4);
  expect(written().filter((line) => line.includes('"ClickUncounted":2'))).toHaveLength(1);
  expect(logger.error).toHaveBeenCalledTimes(1);
});

test('a click that reaches the limit of its link expires it', async () => {
  table.on(UpdateCommand).resolves({ Attributes: { clicks_total: 5, human_clicks_total: 5 } });
  await handler(batch(click(1, { expiry_clicks: 5 })));
  expect(updates().map(({ Key }) => Key?.pk)).toEqual(['LINK#12345', 'SLUG#-#/sale']);
});

test('a sample click is posted and not counted', async () => {
  await handler(batch(click(1, { counted: false }), click(2)));
  expect(post).toHaveBeenCalledTimes(4);
  expect(updates()).toMatchObject([{ ExpressionAttributeValues: { ':clicks_total': 1 } }]);
});
