import type { DynamoDBDocument, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CANCELED, COUNTS, refusalOf, startWithTables, THINGS } from './engine.ts';

type Operations = NonNullable<TransactWriteCommandInput['TransactItems']>;

const ACCOUNTS = 8;
const START = 1_000;
const WRITERS = 50;
const ROUNDS = 8;

let engine: Awaited<ReturnType<typeof startWithTables>>;
let client: DynamoDBDocument;

async function start(onConflict?: 'cancel') {
  engine = await startWithTables({ onConflict });
  client = engine.client;
}

beforeEach(() => start());
afterEach(() => engine.close());

/** Every second account is in the other table, so that transactions span both tables in both directions. */
const account = (index: number) =>
  index % 2
    ? { TableName: COUNTS, Key: { pk: `account-${index}` } }
    : { TableName: THINGS, Key: { pk: `account-${index}`, sk: 'a' } };
const open = () =>
  Promise.all(
    Array.from({ length: ACCOUNTS }, (_, index) => {
      const { TableName, Key } = account(index);
      return client.put({ TableName, Item: { ...Key, n: START, changes: 0 } });
    }),
  );
const change = (index: number, n: number) => ({
  ...account(index),
  UpdateExpression: 'ADD n :n, changes :one',
  ExpressionAttributeValues: { ':n': n, ':one': 1 },
});
const transfer = (from: number, to: number, n: number): Operations => [
  { Update: change(from, -n) },
  { Update: change(to, n) },
];
async function balances() {
  const { Responses = [] } = await client.transactGet({
    TransactItems: Array.from({ length: ACCOUNTS }, (_, index) => ({ Get: account(index) })),
  });
  return Responses.map(({ Item }) => Item as { n: number; changes: number });
}
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const random = (below: number) => Math.floor(Math.random() * below);

test('50 writers move amounts between the same items, and every reader sees the same sum', async () => {
  await open();
  let running = true;
  const seen: number[] = [];
  const reader = async () => {
    while (running) seen.push(sum((await balances()).map(({ n }) => n)));
  };
  const writer = async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = random(ACCOUNTS);
      const to = (from + 1 + random(ACCOUNTS - 1)) % ACCOUNTS;
      await client.transactWrite({ TransactItems: transfer(from, to, random(50)) });
    }
  };
  const reading = reader();
  await Promise.all(Array.from({ length: WRITERS }, writer));
  running = false;
  await reading;
  expect(new Set(seen)).toEqual(new Set([ACCOUNTS * START]));
  expect(sum((await balances()).map(({ changes }) => changes))).toBe(2 * WRITERS * ROUNDS);
});

test('single writes and transactions on the same items lose no update', async () => {
  await open();
  const singles = Array.from({ length: 200 }, () => client.update(change(random(ACCOUNTS), 1)));
  const transactions = Array.from({ length: 100 }, (_, index) =>
    client.transactWrite({ TransactItems: transfer(index % ACCOUNTS, (index + 3) % ACCOUNTS, 5) }),
  );
  await Promise.all([...singles, ...transactions]);
  const after = await balances();
  expect(sum(after.map(({ n }) => n))).toBe(ACCOUNTS * START + 200);
  expect(sum(after.map(({ changes }) => changes))).toBe(200 + 2 * 100);
});

test('of many transactions for one item, exactly one succeeds', async () => {
  const attempts = Array.from({ length: WRITERS }, (_, index) =>
    client.transactWrite({
      TransactItems: [
        {
          Put: {
            TableName: COUNTS,
            Item: { pk: 'thing', winner: index },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Update: {
            ...account(0),
            UpdateExpression: 'SET winner = :w',
            ExpressionAttributeValues: { ':w': index },
          },
        },
      ],
    }),
  );
  const outcomes = await Promise.allSettled(attempts);
  const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
  expect(winners).toHaveLength(1);
  const { Item: thing } = await client.get({ TableName: COUNTS, Key: { pk: 'thing' } });
  const { Item: marked } = await client.get(account(0));
  expect([thing?.winner, marked?.winner]).toEqual([winners[0], winners[0]]);
});

test('if a test asks for it, an item in use cancels the transaction as in AWS', async () => {
  await engine.close();
  await start('cancel');
  await open();
  const outcomes = await Promise.allSettled(
    Array.from({ length: WRITERS }, () => client.transactWrite({ TransactItems: transfer(0, 1, 1) })),
  );
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refusals.length).toBeGreaterThan(0);
  const conflict = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
  expect(await refusalOf(Promise.reject(refusals[0]))).toEqual({
    name: 'TransactionCanceledException',
    message: `${CANCELED} [TransactionConflict, TransactionConflict]`,
    reasons: [conflict, conflict],
  });
  const [first] = await balances();
  expect(first).toMatchObject({ n: START - (WRITERS - refusals.length), changes: WRITERS - refusals.length });
});
