import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBDocument, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CANCELED, COUNTS, refusalOf, startWithTables, THINGS } from './engine.ts';

type Operations = NonNullable<TransactWriteCommandInput['TransactItems']>;

describe.each(['in memory', 'on disk'])('a transaction %s', (where) => {
  let engine: Awaited<ReturnType<typeof startWithTables>>;
  let client: DynamoDBDocument;
  let folder: string | undefined;
  let round = 0;

  beforeAll(async () => {
    folder = where === 'on disk' ? await mkdtemp(join(tmpdir(), 'clickhook-transactions-')) : undefined;
    engine = await startWithTables({ dataFolder: folder });
    client = engine.client;
  });

  afterAll(async () => {
    await engine.close();
    if (folder) await rm(folder, { recursive: true, force: true });
    expect(engine.warnings).toEqual([]);
  });

  beforeEach(() => {
    round += 1;
  });

  const key = (name: string) => ({ pk: `${name}-${round}`, sk: 'a' });
  const read = async (name: string) =>
    (await client.get({ TableName: THINGS, Key: key(name), ConsistentRead: true })).Item;
  const put = (name: string, attributes = {}) =>
    client.put({ TableName: THINGS, Item: { ...key(name), ...attributes } });
  const write = (TransactItems: Operations, more = {}) => client.transactWrite({ TransactItems, ...more });
  const owned = async (owner: string) => {
    const { Items = [] } = await client.query({
      TableName: THINGS,
      IndexName: 'byOwner',
      KeyConditionExpression: 'gsi1pk = :owner',
      ExpressionAttributeValues: { ':owner': owner },
    });
    return Items.map(({ pk }) => pk);
  };

  test('puts, updates, deletes and checks items of several tables at once', async () => {
    await Promise.all([put('updated', { n: 1 }), put('deleted'), put('checked', { state: 'on' })]);
    await write([
      {
        Put: { TableName: THINGS, Item: { ...key('put'), tags: new Set(['x']), deep: { list: [1, null] } } },
      },
      {
        Update: {
          TableName: THINGS,
          Key: key('updated'),
          UpdateExpression: 'SET n = n + :two, m = if_not_exists(m, :two) REMOVE gone ADD s :set',
          ConditionExpression: 'n = :one',
          ExpressionAttributeValues: { ':one': 1, ':two': 2, ':set': new Set(['y']) },
        },
      },
      { Delete: { TableName: THINGS, Key: key('deleted'), ConditionExpression: 'attribute_exists(pk)' } },
      {
        ConditionCheck: {
          TableName: THINGS,
          Key: key('checked'),
          ConditionExpression: '#s = :on',
          ExpressionAttributeNames: { '#s': 'state' },
          ExpressionAttributeValues: { ':on': 'on' },
        },
      },
      {
        Update: {
          TableName: COUNTS,
          Key: { pk: `counted-${round}` },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
    ]);
    expect(await read('put')).toEqual({ ...key('put'), tags: new Set(['x']), deep: { list: [1, null] } });
    expect(await read('updated')).toEqual({ ...key('updated'), n: 3, m: 2, s: new Set(['y']) });
    expect(await read('deleted')).toBeUndefined();
    expect(await read('checked')).toEqual({ ...key('checked'), state: 'on' });
    const { Item } = await client.get({ TableName: COUNTS, Key: { pk: `counted-${round}` } });
    expect(Item).toEqual({ pk: `counted-${round}`, n: 1 });
  });

  test('writes nothing when one condition fails, and returns the reasons in the order of the request', async () => {
    await Promise.all([
      put('a', { n: 1, gsi1pk: `o${round}`, gsi1sk: '1' }),
      put('b', { n: 2 }),
      put('c', { n: 3 }),
    ]);
    const absent = 'attribute_not_exists(pk)';
    const refusal = await refusalOf(
      write([
        { Put: { TableName: THINGS, Item: { ...key('new'), gsi1pk: `o${round}`, gsi1sk: '2' } } },
        {
          Put: {
            TableName: THINGS,
            Item: key('b'),
            ConditionExpression: absent,
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        { Delete: { TableName: THINGS, Key: key('a') } },
        { ConditionCheck: { TableName: THINGS, Key: key('c'), ConditionExpression: absent } },
        {
          Update: {
            TableName: THINGS,
            Key: key('none'),
            UpdateExpression: 'SET n = :n',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':n': 9 },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ]),
    );
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    const none = { Code: 'None' };
    expect(refusal).toEqual({
      name: 'TransactionCanceledException',
      message: `${CANCELED} [None, ConditionalCheckFailed, None, ConditionalCheckFailed, ConditionalCheckFailed]`,
      reasons: [
        none,
        { ...failed, Item: { pk: { S: key('b').pk }, sk: { S: 'a' }, n: { N: '2' } } },
        none,
        failed,
        failed,
      ],
    });
    expect(await read('new')).toBeUndefined();
    expect(await read('none')).toBeUndefined();
    expect(await read('a')).toMatchObject({ n: 1 });
    expect(await read('b')).toMatchObject({ n: 2 });
    expect(await owned(`o${round}`)).toEqual([key('a').pk]);
  });

  test('an operation that does not match its item cancels with the message of a single write', async () => {
    await put('text', { n: 'one', gsi1pk: 'x', gsi1sk: '1' });
    const update = (UpdateExpression: string, value: unknown): Operations[number] => ({
      Update: {
        TableName: THINGS,
        Key: key('text'),
        UpdateExpression,
        ExpressionAttributeValues: { ':v': value },
      },
    });
    const cases: [Operations[number], string][] = [
      [update('ADD n :v', 1), 'An operand in the update expression has an incorrect data type'],
      [
        update('SET n = gone + :v', 1),
        'The provided expression refers to an attribute that does not exist in the item',
      ],
      [
        update('SET gone.deep = :v', 1),
        'The document path provided in the update expression is invalid for update',
      ],
      [
        update('SET pk = :v', 'other'),
        'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
      ],
      [
        update('SET gsi1sk = :v', 5),
        'One or more parameter values were invalid: Type mismatch for Index Key gsi1sk Expected: S Actual: N IndexName: byOwner',
      ],
      [
        update('SET big = :v', 'é'.repeat(204_790)),
        'Item size to update has exceeded the maximum allowed size',
      ],
    ];
    for (const [operation, message] of cases) {
      const { message: shown, reasons } = await refusalOf(
        write([{ Put: { TableName: THINGS, Item: key('beside') } }, operation]),
      );
      expect(shown).toBe(`${CANCELED} [None, ValidationError]`);
      expect(reasons).toEqual([{ Code: 'None' }, { Code: 'ValidationError', Message: message }]);
    }
    expect(await read('beside')).toBeUndefined();
    expect(await read('text')).toEqual({ ...key('text'), n: 'one', gsi1pk: 'x', gsi1sk: '1' });
  });

  test('keeps the indexes consistent with the items', async () => {
    const [from, to] = [`from${round}`, `to${round}`];
    await Promise.all(['moved', 'left', 'dropped'].map((name) => put(name, { gsi1pk: from, gsi1sk: name })));
    expect((await owned(from)).sort()).toEqual(['dropped', 'left', 'moved'].map((name) => key(name).pk));
    await write([
      {
        Update: {
          TableName: THINGS,
          Key: key('moved'),
          UpdateExpression: 'SET gsi1pk = :to',
          ExpressionAttributeValues: { ':to': to },
        },
      },
      { Put: { TableName: THINGS, Item: key('left') } },
      { Delete: { TableName: THINGS, Key: key('dropped') } },
      { Put: { TableName: THINGS, Item: { ...key('new'), gsi1pk: to, gsi1sk: 'z' } } },
    ]);
    expect(await owned(from)).toEqual([]);
    expect(await owned(to)).toEqual([key('moved').pk, key('new').pk]);
  });

  test('accepts 100 operations, and is charged twice the units of single writes', async () => {
    const operations = Array.from({ length: 99 }, (_, index) => ({
      Put: { TableName: THINGS, Item: { ...key(`many-${index}`), text: 'x'.repeat(index ? 10 : 1_500) } },
    }));
    const check = {
      ConditionCheck: {
        TableName: COUNTS,
        Key: { pk: 'none' },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    };
    const { ConsumedCapacity } = await write([...operations, check], { ReturnConsumedCapacity: 'INDEXES' });
    const units = (count: number) => ({ CapacityUnits: count, WriteCapacityUnits: count });
    expect(ConsumedCapacity).toEqual([
      { TableName: THINGS, ...units(200), Table: units(200) },
      { TableName: COUNTS, ...units(2), Table: units(2) },
    ]);
    expect(await read('many-98')).toMatchObject({ text: 'x'.repeat(10) });
  });

  test('reads several items at one point in time', async () => {
    await put('seen', { n: 1, deep: { a: 1, b: 2 } });
    const { Responses, ConsumedCapacity } = await client.transactGet({
      TransactItems: [
        { Get: { TableName: THINGS, Key: key('seen'), ProjectionExpression: 'deep.b, pk' } },
        { Get: { TableName: THINGS, Key: key('missing') } },
      ],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(Responses).toEqual([{ Item: { pk: key('seen').pk, deep: { b: 2 } } }, {}]);
    expect(ConsumedCapacity).toEqual([{ TableName: THINGS, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  });
});
