import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createDynamoDb } from '../../../local/dynamodb/server.ts';
import { COUNTS, clientOf, createTables, refusalOf } from './engine.ts';

const MINUTE_MS = 60_000;
const MISMATCH =
  'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.';

let folder: string;
let nowMs = 0;
let server: Server;
let client: DynamoDBDocument;

async function start(): Promise<void> {
  server = createDynamoDb({ path: folder, createTableMs: 0, nowMs: () => nowMs });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function stop(): Promise<void> {
  client.destroy();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clickhook-tokens-'));
  nowMs = 1_000_000;
  await start();
  await createTables(client);
});

afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** Adds to a count. The attribute names of the request are in the order of `members`. */
const add = (ClientRequestToken: string | undefined, n = 1, more = {}) =>
  client.transactWrite({
    ClientRequestToken,
    TransactItems: [
      {
        Update: {
          TableName: COUNTS,
          Key: { pk: 'count' },
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': n },
        },
      },
    ],
    ...more,
  });
const count = async () => (await client.get({ TableName: COUNTS, Key: { pk: 'count' } })).Item?.n ?? 0;

test('the same request with the same token writes once, and is charged for reading the second time', async () => {
  const asked = { ReturnConsumedCapacity: 'TOTAL' } as const;
  const units = (answer: Awaited<ReturnType<typeof add>>) => answer.ConsumedCapacity?.[0];
  expect(units(await add('token', 1, asked))).toMatchObject({ CapacityUnits: 2, WriteCapacityUnits: 2 });
  expect(units(await add('token', 1, asked))).toMatchObject({ CapacityUnits: 2, ReadCapacityUnits: 2 });
  expect(await count()).toBe(1);
});

test('another request with the same token is rejected', async () => {
  await add('token');
  expect(await refusalOf(add('token', 2))).toEqual({
    name: 'IdempotentParameterMismatchException',
    message: MISMATCH,
  });
  await add('other', 2);
  expect(await count()).toBe(3);
});

test('a token is valid for ten minutes, also after a restart', async () => {
  await add('token');
  nowMs += 10 * MINUTE_MS - 1;
  await add('token');
  await stop();
  await start();
  await add('token');
  expect(await count()).toBe(1);
  expect((await refusalOf(add('token', 5))).message).toBe(MISMATCH);
  nowMs += 1;
  await add('token', 5);
  expect(await count()).toBe(6);
  await stop();
  await start();
  await add('token', 5);
  expect(await count()).toBe(6);
});

test('a cancelled transaction does not use up its token', async () => {
  const once = () =>
    client.transactWrite({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          ConditionCheck: {
            TableName: COUNTS,
            Key: { pk: 'gate' },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
        { Put: { TableName: COUNTS, Item: { pk: 'passed' } } },
      ],
    });
  expect((await refusalOf(once())).name).toBe('TransactionCanceledException');
  await client.put({ TableName: COUNTS, Item: { pk: 'gate' } });
  await once();
  expect((await client.get({ TableName: COUNTS, Key: { pk: 'passed' } })).Item).toEqual({ pk: 'passed' });
});

test('of simultaneous requests with one token, one is carried out', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => add('token')));
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.name] : []));
  expect(new Set(refused)).toEqual(new Set(['TransactionInProgressException']));
  expect(await count()).toBe(1);
});

test('tokens are kept for only ten minutes', async () => {
  for (let index = 0; index < 30; index += 1) {
    nowMs += MINUTE_MS;
    await add(`token-${index}`);
  }
  await stop();
  // A restart with the clock turned back shows what was stored: only the last ten tokens are known.
  nowMs -= 30 * MINUTE_MS;
  await start();
  for (let index = 0; index < 30; index += 1) await add(`token-${index}`);
  expect(await count()).toBe(30 + 20);
});
