import { glob, readFile } from 'node:fs/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sendClick } from '../../lambdas/clicks/click.ts';
import { claimClick } from '../../lambdas/deliver/claim.ts';
import { withFreshSockets } from '../../lambdas/fresh-sockets.ts';
import { tableClient } from '../../lambdas/table.ts';
import { type DropMode, type DroppingEngine, startDroppingEngine } from '../faults/dropping-engine.ts';
import { click } from './deliver/sample-click.ts';

const TIMES = 6;
const BREAKS: DropMode[] = ['reset', 'end'];
let engine: DroppingEngine;

beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    CLICKHOOK_CLICK_RETENTION_DAYS: '400',
  });
});

afterEach(() => engine.close());

/** Starts an engine that drops sockets. @returns settings of a client that uses it */
async function droppingEngine(mode: DropMode) {
  engine = await startDroppingEngine(mode);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = engine.url;
  process.env.AWS_ENDPOINT_URL_SQS = engine.url;
  process.env.CLICKHOOK_CLICKS_QUEUE_URL = `${engine.url}/000000000000/clicks`;
}

/** Does something several times in a row, so that each time except the first a dead socket is in the pool. */
async function inARow<T>(one: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < TIMES; index++) results.push(await one(index));
  expect(engine.forgotten()).toBeGreaterThan(0);
  return results;
}

/** In parallel first, so that there are several dead sockets. A single fresh one among them would not be enough. */
async function manyDead(one: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: 5 }, one));
}

describe.each(BREAKS)('sockets that a %s has dropped', (mode) => {
  test('lose no claim, though the client of claims makes only one try', async () => {
    await droppingEngine(mode);
    const table = tableClient({ attempts: 1, attemptTimeoutMs: 500, afterBreak: false });
    const claim = (number: number) =>
      claimClick({ table, tableName: 'clicks', abortSignal: AbortSignal.timeout(1_800) }, click(number));
    await manyDead(() => claim(100));
    expect(await inARow(claim)).toEqual(Array(TIMES).fill('won'));
    table.destroy();
  });

  test('fail no read and no write of a table', async () => {
    await droppingEngine(mode);
    const table = tableClient({ attempts: 1 });
    const read = () =>
      table.send(new GetCommand({ TableName: 'main', Key: { pk: 'SLUG#-#/sale', sk: 'LINK' } }));
    await manyDead(read);
    await inARow(read);
    await inARow(() => table.send(new UpdateCommand({ TableName: 'main', Key: { pk: 'x', sk: 'y' } })));
    table.destroy();
  });

  test('lose no message, sent in parallel or one by one', async () => {
    await droppingEngine(mode);
    const sqs = withFreshSockets(new SQSClient({ maxAttempts: 1 }));
    const send = (number: number) => sendClick(sqs, click(number), AbortSignal.timeout(3_000));
    let number = 0;
    await manyDead(() => send(number++));
    await inARow(() => send(number++));
    expect(new Set(engine.clicks).size).toBe(number);
    sqs.destroy();
  });
});

test('a silent socket costs a claim one time-out, and the next try uses a new socket', async () => {
  await droppingEngine('silent');
  const table = tableClient({ attempts: 1, attemptTimeoutMs: 100, afterBreak: false });
  const claim = (number: number) =>
    claimClick({ table, tableName: 'clicks', abortSignal: AbortSignal.timeout(5_000) }, click(number));
  await manyDead(() => claim(100));
  expect(await inARow(claim)).toEqual(Array(TIMES).fill('won'));
  table.destroy();
});

test('a slow answer on a kept-alive socket still counts when the second request fails', async () => {
  engine = await startDroppingEngine('reset');
  let requests = 0;
  const client = new SQSClient({ maxAttempts: 1, endpoint: engine.url, md5: false });
  const sqs = withFreshSockets(client, { afterSilenceMs: 20 });
  process.env.CLICKHOOK_CLICKS_QUEUE_URL = `${engine.url}/000000000000/clicks`;
  await sendClick(sqs, click(1), AbortSignal.timeout(3_000));
  sqs.middlewareStack.addRelativeTo(
    () => async () => {
      if (++requests === 2) throw new Error('the second request fails');
      // The first response arrives after the second request was sent and has failed.
      while (requests < 2) await new Promise(setImmediate);
      return { response: {}, output: { $metadata: {} } } as never;
    },
    { name: 'slow', relation: 'after', toMiddleware: 'freshSockets' },
  );
  await sendClick(sqs, click(2), AbortSignal.timeout(3_000));
  expect(requests).toBe(2);
  sqs.destroy();
});

test('every client of every function survives dead sockets', async () => {
  const bare: string[] = [];
  for await (const path of glob('lambdas/**/*.ts')) {
    const text = await readFile(path, 'utf8');
    const made = [...text.matchAll(/(\S*)new (SQS|DynamoDB)Client\(/g)];
    if (made.some(([, before]) => before !== 'withFreshSockets(') && path !== 'lambdas/table.ts')
      bare.push(path);
  }
  expect(bare).toEqual([]);
});
