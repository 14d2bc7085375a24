import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { type ClickDetails, type ClickMessage, clickedLink } from '../../../lambdas/clicks/click.ts';
import { countClicks } from '../../../lambdas/deliver/counts.ts';
import { countsFromItem } from '../../../lambdas/links/counts.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { FakeTable } from '../fake-table.ts';
import { sampleLink } from '../sample-link.ts';

const mock = mockClient(DynamoDBDocumentClient);
const table = mock as unknown as DynamoDBDocumentClient;
let written: () => string[];

beforeEach(() => {
  mock.reset();
  written = capturedOutput();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** What the table answers of a link's counts: bots have clicked it often, people as often as this. */
const counts = (people: number) =>
  mock
    .on(UpdateCommand, { Key: { sk: 'CLICKS' } })
    .resolves({ Attributes: { clicks_total: 1_000, human_clicks_total: people } });
const updates = () => mock.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
const marks = () => updates().filter(({ Key }) => Key?.pk.startsWith('SLUG#'));
const COUNTER = { table, tableName: 'main', abortSignal: AbortSignal.timeout(60_000) };
const run = (clicks: ClickMessage[]) => countClicks(COUNTER, clicks);

function click(
  link_id = 12345,
  expiry_clicks: number | null = null,
  {
    bot_name = null,
    timestamp = '2025-01-15T10:30:00Z',
  }: { bot_name?: string | null; timestamp?: string } = {},
): ClickMessage {
  const destination = 'https://example.com/';
  const link = clickedLink(
    sampleLink({ id: link_id, domain: 'go.example.com' }),
    'https://go.example.com/sale',
    destination,
  );
  return {
    version: 1,
    click_id: '00000000-0000-4000-8000-000000000001',
    link_id,
    workspace_id: 1,
    expiry_clicks,
    counted: true,
    payload: { event: 'click', timestamp, link, click: { bot_name } as ClickDetails },
  };
}

test('clicks cost one write per link, whatever their number', async () => {
  counts(7);
  await run([click(1), click(2), click(1), click(1)]);
  expect(updates()).toMatchObject([
    {
      TableName: 'main',
      Key: { pk: 'LINK#1', sk: 'CLICKS' },
      ExpressionAttributeValues: { ':clicks_total': 3 },
    },
    {
      TableName: 'main',
      Key: { pk: 'LINK#2', sk: 'CLICKS' },
      ExpressionAttributeValues: { ':clicks_total': 1 },
    },
  ]);
});

test('clicks are counted by day, and those of people apart', async () => {
  const table = new FakeTable();
  const late = { timestamp: '2025-01-14T23:59:59Z' };
  const bot = { bot_name: 'Googlebot' };
  const clicks = [click(1, null, late), click(1), click(1, null, bot), click(1, null, { ...late, ...bot })];
  await countClicks({ ...COUNTER, table: table.mock as never }, clicks);
  await countClicks({ ...COUNTER, table: table.mock as never }, [click(1)]);
  const item = table.read({ pk: 'LINK#1', sk: 'CLICKS' });
  expect(countsFromItem(item, Date.UTC(2025, 0, 15, 23))).toEqual({
    clicks_total: 5,
    clicks_today: 3,
    clicks_thirty_days: 5,
    human_clicks_total: 3,
    human_clicks_today: 2,
    human_clicks_thirty_days: 3,
  });
  expect(countsFromItem(item, Date.UTC(2025, 0, 16))).toMatchObject({
    clicks_today: 0,
    clicks_thirty_days: 5,
  });
  // The 30th day with the 15th of January in it, and the first one without it and the 14th.
  expect(countsFromItem(item, Date.UTC(2025, 1, 13)).clicks_thirty_days).toBe(3);
  expect(countsFromItem(item, Date.UTC(2025, 1, 14))).toMatchObject({
    clicks_total: 5,
    clicks_thirty_days: 0,
    human_clicks_thirty_days: 0,
  });
});

test('days that no list tells of any more are forgotten with later clicks', async () => {
  const table = new FakeTable();
  for (let day = 0; day < 100; day += 3) {
    const timestamp = new Date(Date.UTC(2025, 0, 1 + day)).toISOString();
    await countClicks({ ...COUNTER, table: table.mock as never }, [click(1, null, { timestamp })]);
  }
  const item = table.read({ pk: 'LINK#1', sk: 'CLICKS' }) ?? {};
  expect(item.clicks_total).toBe(34);
  expect(Object.keys(item).filter((name) => /^[dh]\d+$/.test(name)).length).toBeLessThanOrEqual(2 * 11);
});

test('no clicks cost none', async () => {
  await run([]);
  expect(updates()).toEqual([]);
});

describe('a limit', () => {
  test.each([
    [4, 5, 0],
    [5, 5, 1],
    [9, 5, 1],
    [9, null, 0],
  ])('at %i clicks of people of %j marks the link %i times', async (people, limit, marked) => {
    counts(people);
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).resolves({});
    await run([click(1, limit)]);
    expect(marks()).toHaveLength(marked);
  });

  test('is not reached by bots, however often they click', async () => {
    const fake = new FakeTable();
    fake.put({ pk: 'SLUG#go.example.com#/sale', sk: 'LINK', id: 1, exhausted: false, expiry_clicks: 1 });
    const counter = { ...COUNTER, table: fake.mock as never };
    const exhausted = () => fake.read({ pk: 'SLUG#go.example.com#/sale', sk: 'LINK' })?.exhausted;
    const bot = click(1, 1, { bot_name: 'Slackbot' });
    await countClicks(counter, [bot, bot]);
    await countClicks(counter, [bot]);
    expect(exhausted()).toBe(false);
    await countClicks(counter, [click(1, 1), bot]);
    expect(exhausted()).toBe(true);
    expect(logger.error).not.toHaveBeenCalled();
  });

  test('marks the very link at its place, once, and guards it by the limit it has now', async () => {
    counts(5);
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).resolves({});
    await run([click(12345, 5), click(12345, 5)]);
    expect(marks()).toMatchObject([
      {
        Key: { pk: 'SLUG#go.example.com#/sale', sk: 'LINK' },
        UpdateExpression: 'SET exhausted = :true ADD version :one',
        ConditionExpression: 'id = :id AND exhausted = :false AND expiry_clicks <= :total',
        ExpressionAttributeValues: { ':id': 12345, ':total': 5, ':false': false, ':true': true },
      },
    ]);
  });

  test('of a link that has moved, or is marked already, is left alone without a word', async () => {
    counts(5);
    const lost = Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException' });
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).rejects(lost);
    await run([click(1, 5)]);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

test('a count that fails is logged and counted by its clicks, and holds up no other link', async () => {
  mock.on(UpdateCommand, { Key: { pk: 'LINK#1' } }).rejects(new Error('down'));
  mock.on(UpdateCommand, { Key: { pk: 'LINK#2' } }).resolves({ Attributes: { clicks_total: 1 } });
  await run([click(1), click(1), click(2)]);
  expect(logger.error).toHaveBeenCalledTimes(1);
  expect(written().filter((line) => line.includes('"ClickUncounted":2'))).toHaveLength(1);
  expect(updates()).toHaveLength(2);
});
