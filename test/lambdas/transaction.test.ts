import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { isPermanent } from '../../lambdas/api/service-errors.ts';
import { table as client, tableClient, writeIf } from '../../lambdas/table.ts';
import { asRead, type Operation, transact } from '../../lambdas/transaction.ts';
import { engineTable } from './engine-table.ts';

// Like AWS, the engine cancels a transaction that conflicts with another request at an item.
const table = engineTable({ onConflict: 'cancel' });

const key = (name: string) => ({ pk: `THING#${name}`, sk: 'THING' });
const put = (name: string, condition?: string): Operation => ({
  Put: { Item: key(name), ...(condition ? { ConditionExpression: condition } : {}) },
});
const NEW = 'attribute_not_exists(pk)';

/** Cancels transactions for these reasons, one after the other, then lets them succeed. @returns their tokens */
function cancelled(...all: string[][]): string[] {
  const tokens: string[] = [];
  table.atWrite(async (write, send, _operations, input) => {
    tokens.push(input.ClientRequestToken);
    const codes = all[write - 1];
    if (!codes) return send();
    throw Object.assign(new Error('cancelled'), {
      name: 'TransactionCanceledException',
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  });
  return tokens;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a transaction', () => {
  test('writes all of its operations, and leaves out undefined ones', async () => {
    expect(await transact({ one: put('1'), none: undefined, two: put('2', NEW) })).toEqual(new Set());
    expect(await table.keys('THING#')).toHaveLength(2);
  });

  test('writes none when a condition does not hold, and names every operation whose condition did not', async () => {
    await transact({ one: put('1'), three: put('3') });
    const refused = await transact({
      none: undefined,
      one: put('1', NEW),
      two: put('2', NEW),
      three: { ConditionCheck: { Key: key('3'), ConditionExpression: NEW } },
    });
    expect(refused).toEqual(new Set(['one', 'three']));
    expect(await table.keys('THING#2')).toEqual([]);
  });

  test.each([['TransactionConflict'], ['ThrottlingError'], ['ProvisionedThroughputExceeded']])(
    'that is cancelled because of %s is sent again with the same token',
    async (code) => {
      const tokens = cancelled(['None', code], [code, 'None']);
      expect(await transact({ one: put('1'), two: put('2') })).toEqual(new Set());
      expect(tokens).toHaveLength(3);
      expect(new Set(tokens).size).toBe(1);
      expect(await table.keys('THING#')).toHaveLength(2);
    },
  );

  test('whose condition failed while another operation had a conflict is rejected', async () => {
    cancelled(['TransactionConflict', 'ConditionalCheckFailed']);
    expect(await transact({ one: put('1'), two: put('2') })).toEqual(new Set(['two']));
  });

  test('whose conflicts continue ends with a temporary error', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const tokens = cancelled(...Array(50).fill(['TransactionConflict']));
    const error = await transact({ one: put('1') }).catch((caught) => caught);
    expect([error.name, isPermanent(error)]).toEqual(['Unavailable', false]);
    expect(tokens).toHaveLength(12);
  });

  test('that AWS finds invalid is a permanent error, and is sent once', async () => {
    const tokens = cancelled(['None', 'ValidationError']);
    const error = await transact({ one: put('1'), two: put('2') }).catch((caught) => caught);
    expect([error.name, isPermanent(error), tokens.length]).toEqual([
      'TransactionCanceledException',
      true,
      1,
    ]);
  });

  test('whose answer was lost is written once', async () => {
    const add: Operation = {
      Update: {
        Key: key('1'),
        UpdateExpression: 'ADD times :one',
        ExpressionAttributeValues: { ':one': 1 },
      },
    };
    const original = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    jest.spyOn(client, 'send').mockImplementationOnce((async (command: unknown) => {
      await original(command);
      throw Object.assign(new Error('cancelled'), { name: 'TransactionInProgressException' });
    }) as never);
    expect(await transact({ add })).toEqual(new Set());
    expect(await table.read('THING#1', 'THING')).toMatchObject({ times: 1 });
  });
});

test('many writers of one item all succeed, with transactions and single writes', async () => {
  const add = { UpdateExpression: 'ADD times :one', ExpressionAttributeValues: { ':one': 1 } };
  const single = () => writeIf(new UpdateCommand({ TableName: 'main', Key: key('1'), ...add }));
  const pair = () =>
    transact({ one: { Update: { Key: key('1'), ...add } }, two: { Update: { Key: key('2'), ...add } } });
  await Promise.all([...Array(5)].flatMap(() => [pair(), single()]));
  expect(await table.read('THING#1', 'THING')).toMatchObject({ times: 10 });
  expect(await table.read('THING#2', 'THING')).toMatchObject({ times: 5 });
});

test('a single write that conflicts with a transaction is sent again', async () => {
  const single = tableClient();
  let met = 0;
  single.middlewareStack.add(
    (next) => (args) => {
      if (++met > 2) return next(args);
      throw Object.assign(new Error('met'), { name: 'TransactionConflictException', $fault: 'client' });
    },
    { step: 'deserialize', name: 'meetsTransactions' },
  );
  await single.send(new PutCommand({ TableName: 'main', Item: key('1') }));
  expect(met).toBe(3);
  expect(await table.keys('THING#')).toHaveLength(1);
  single.destroy();
});

test('attributes as they were read are a condition, including missing ones', () => {
  expect(asRead({ a: 0, c: 'x' }, 'a', 'b')).toEqual({
    condition: 'a = :read_a AND attribute_not_exists(b)',
    values: { ':read_a': 0 },
  });
});
