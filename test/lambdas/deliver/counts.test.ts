import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { ClickMessage } from '../../../lambdas/clicks/click.ts';
import { countClicks } from '../../../lambdas/deliver/counts.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { capturedOutput } from '../captured-output.ts';
import { clickOn } from './sample-click.ts';

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

/** The table's response with a link's counts: many clicks of bots, and this many human clicks. */
const counts = (people: number) =>
  mock
    .on(UpdateCommand, { Key: { sk: 'CLICKS' } })
    .resolves({ Attributes: { clicks_total: 1_000, human_clicks_total: people } });
const updates = () => mock.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
const marks = () => updates().filter(({ Key }) => Key?.pk.startsWith('SLUG#'));
const COUNTER = { table, tableName: 'main', abortSignal: AbortSignal.timeout(60_000) };
const run = (clicks: ClickMessage[]) => countClicks(COUNTER, clicks);

test('clicks cost one write per link, however many there are', async () => {
  counts(7);
  await run([clickOn(1), clickOn(2), clickOn(1), clickOn(1)]);
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

test('no clicks cost no write', async () => {
  await run([]);
  expect(updates()).toEqual([]);
});

describe('a limit', () => {
  test.each([
    [4, 5, 0],
    [5, 5, 1],
    [9, 5, 1],
    [9, null, 0],
  ])('at %i human clicks of %j marks the link %i times', async (people, limit, marked) => {
    counts(people);
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).resolves({});
    await run([clickOn(1, limit)]);
    expect(marks()).toHaveLength(marked);
  });

  test('marks exactly this link at its address, once, if its current limit is reached', async () => {
    counts(5);
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).resolves({});
    await run([clickOn(12345, 5), clickOn(12345, 5)]);
    expect(marks()).toMatchObject([
      {
        Key: { pk: 'SLUG#go.example.com#/sale', sk: 'LINK' },
        UpdateExpression: 'SET exhausted = :true ADD version :one',
        ConditionExpression: 'id = :id AND exhausted = :false AND expiry_clicks <= :total',
        ExpressionAttributeValues: { ':id': 12345, ':total': 5, ':false': false, ':true': true },
      },
    ]);
  });

  test('does not mark a link that has moved or is marked already, and logs nothing', async () => {
    counts(5);
    const lost = Object.assign(new Error('condition'), { name: 'ConditionalCheckFailedException' });
    mock.on(UpdateCommand, { Key: { sk: 'LINK' } }).rejects(lost);
    await run([clickOn(1, 5)]);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

test('a count that fails is logged and counted by its clicks, and delays no other link', async () => {
  mock.on(UpdateCommand, { Key: { pk: 'LINK#1' } }).rejects(new Error('down'));
  mock.on(UpdateCommand, { Key: { pk: 'LINK#2' } }).resolves({ Attributes: { clicks_total: 1 } });
  await run([clickOn(1), clickOn(1), clickOn(2)]);
  expect(logger.error).toHaveBeenCalledTimes(1);
  expect(written().filter((line) => line.includes('"ClickUncounted":2'))).toHaveLength(1);
  expect(updates()).toHaveLength(2);
});
