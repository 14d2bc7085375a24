import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CANCELED, COUNTS, refusalOf, startWithTables, THINGS } from './engine.ts';

let engine: Awaited<ReturnType<typeof startWithTables>>;
let client: DynamoDBDocument;

beforeAll(async () => {
  engine = await startWithTables();
  client = engine.client;
});

afterAll(() => engine.close());

const key = { pk: 'a', sk: 'b' };
const put = (Item: object = key, more: object = {}) => ({ Put: { TableName: THINGS, Item, ...more } });
const remove = (Key: object = key) => ({ Delete: { TableName: THINGS, Key } });
const check = (more: object, Key: object = key) => ({
  ConditionCheck: { TableName: THINGS, Key, ConditionExpression: 'attribute_exists(pk)', ...more },
});
const update = (more: object, Key: object = key) => ({
  Update: { TableName: THINGS, Key, UpdateExpression: 'REMOVE n', ...more },
});
const write = (TransactItems: object[], more: object = {}) =>
  refusalOf(client.transactWrite({ TransactItems, ...more } as never));

const CONSTRAINT = 'failed to satisfy constraint: Member must';
const INVALID = 'One or more parameter values were invalid:';
const EMPTY_KEY =
  'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk';
const sized = (bytes: number, pk = 'sized') => put({ pk, sk: 's', v: 'x'.repeat(bytes - pk.length - 6) });

const INVALID_REQUESTS: [string, object[], string, object?][] = [
  [
    'no operation',
    [],
    `1 validation error detected: Value '[]' at 'transactItems' ${CONSTRAINT} have length greater than or equal to 1`,
  ],
  [
    'an element without operation',
    [put(), {}],
    'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request',
  ],
  [
    'an element with two operations',
    [{ ...put(), ...remove() }],
    'TransactItems can only contain one of Check, Put, Update or Delete',
  ],
  [
    'two operations on one item',
    [put(), remove()],
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'a check beside a write of the same item',
    [check({}), update({})],
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'a table name that cannot be',
    [put(), { Delete: { TableName: 'bad!name', Key: key } }],
    `1 validation error detected: Value 'bad!name' at 'transactItems.2.member.delete.tableName' ${CONSTRAINT} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
  ],
  [
    'an update without expression',
    [update({ UpdateExpression: undefined })],
    `1 validation error detected: Value null at 'transactItems.1.member.update.updateExpression' ${CONSTRAINT} not be null`,
  ],
  [
    'a check without condition',
    [check({ ConditionExpression: undefined })],
    `1 validation error detected: Value null at 'transactItems.1.member.conditionCheck.conditionExpression' ${CONSTRAINT} not be null`,
  ],
  [
    'a put without item',
    [{ Put: { TableName: THINGS } }],
    `1 validation error detected: Value null at 'transactItems.1.member.put.item' ${CONSTRAINT} not be null`,
  ],
  [
    'an unknown way to return values',
    [put(key, { ReturnValuesOnConditionCheckFailure: 'ALL_NEW' })],
    `1 validation error detected: Value 'ALL_NEW' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure' ${CONSTRAINT} satisfy enum value set: [ALL_OLD, NONE]`,
  ],
  [
    'a token that is too long',
    [put()],
    `1 validation error detected: Value '${'t'.repeat(37)}' at 'clientRequestToken' ${CONSTRAINT} have length less than or equal to 36`,
    { ClientRequestToken: 't'.repeat(37) },
  ],
  [
    'two unknown enums',
    [put()],
    `2 validation errors detected: Value 'A' at 'returnConsumedCapacity' ${CONSTRAINT} satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'B' at 'returnItemCollectionMetrics' ${CONSTRAINT} satisfy enum value set: [SIZE, NONE]`,
    { ReturnConsumedCapacity: 'A', ReturnItemCollectionMetrics: 'B' },
  ],
  [
    'an empty condition',
    [put(key, { ConditionExpression: '' })],
    'Invalid ConditionExpression: The expression can not be empty;',
  ],
  [
    'a value that no expression uses',
    [put({ pk: 'x' }), check({ ExpressionAttributeValues: { ':v': 1 } })],
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  ],
  [
    'values without expression',
    [put(key, { ExpressionAttributeValues: { ':v': 1 } })],
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  ],
  ['an empty key of a put', [put({ pk: '', sk: 'b' })], EMPTY_KEY],
  ['an empty key of a delete', [remove({ pk: '', sk: 'b' })], EMPTY_KEY],
  [
    'an item over 400 KB',
    [put({ ...key, v: 'é'.repeat(204_800) })],
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'items of more than 4 MB',
    Array.from({ length: 11 }, (_, index) => sized(400_000, `sized-${index}`)),
    'The aggregate size of the items in the transaction cannot exceed 4 MB',
  ],
];

test.each(INVALID_REQUESTS)('rejects %s', async (_title, operations, message, more = {}) => {
  expect(await write(operations, more)).toEqual({ name: 'ValidationException', message });
  expect((await client.scan({ TableName: THINGS })).Items).toEqual([]);
});

const NO_MATCH = 'The provided key element does not match the schema';
const HASH_SIZE = `${INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes`;
const RANGE_SIZE = `${INVALID} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`;

const WRONG_KEYS: [string, object, string][] = [
  ['a put without its sort key', put({ pk: 'a' }), `${INVALID} Missing the key sk in the item`],
  [
    'a put with a key of another type',
    put({ pk: 5, sk: 'b' }),
    `${INVALID} Type mismatch for key pk expected: S actual: N`,
  ],
  [
    'a put with an index key of another type',
    put({ ...key, gsi1pk: 5 }),
    `${INVALID} Type mismatch for Index Key gsi1pk Expected: S Actual: N IndexName: byOwner`,
  ],
  ['a delete without its sort key', remove({ pk: 'a' }), NO_MATCH],
  ['a delete with one attribute too many', remove({ ...key, n: 1 }), NO_MATCH],
  ['a check with a key of another type', check({}, { pk: 'a', sk: ['b'] }), NO_MATCH],
  ['an update with a key of another type', update({}, { pk: true, sk: 'b' }), NO_MATCH],
  ['a put with too long a partition key', put({ pk: 'é'.repeat(1_025), sk: 'b' }), HASH_SIZE],
  ['an update with too long a sort key', update({}, { pk: 'a', sk: '€'.repeat(342) }), RANGE_SIZE],
];

test.each(WRONG_KEYS)(
  '%s cancels, and the other operations have no reason',
  async (_title, wrong, Message) => {
    expect(await write([put({ pk: 'fine', sk: 'b' }), wrong, remove({ pk: 'a' })])).toEqual({
      name: 'TransactionCanceledException',
      message: `${CANCELED} [None, ValidationError, None]`,
      reasons: [{ Code: 'None' }, { Code: 'ValidationError', Message }, { Code: 'None' }],
    });
    expect((await client.scan({ TableName: THINGS })).Items).toEqual([]);
  },
);

test('rejects more than 100 operations, and names the limit', async () => {
  const operations = Array.from({ length: 101 }, (_, index) => put({ pk: `p${index}`, sk: 's' }));
  const { name, message } = await write(operations);
  expect(name).toBe('ValidationException');
  expect(message).toMatch(/^1 validation error detected: Value '\[.+\]' at 'transactItems' failed/);
  expect(message).toMatch(/Member must have length less than or equal to 100$/);
});

test('a missing table is reported as missing, wherever it is named', async () => {
  const missing = { Put: { TableName: 'missing', Item: { pk: 'a' } } };
  for (const operations of [
    [missing, put()],
    [put(), missing],
  ]) {
    expect(await write(operations)).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  }
});

test('counts what updates and checks read towards the 4 MB', async () => {
  const large = Array.from({ length: 11 }, (_, index) => ({ pk: `large-${index}`, v: 'x'.repeat(400_000) }));
  for (const Item of large) await client.put({ TableName: COUNTS, Item });
  const updates = large.map(({ pk }) =>
    update({ TableName: COUNTS, UpdateExpression: 'SET n = pk' }, { pk }),
  );
  expect(await write(updates)).toMatchObject({
    name: 'ValidationException',
    message: 'The aggregate size of the items in the transaction cannot exceed 4 MB',
  });
  await client.transactWrite({ TransactItems: updates.slice(1) as never });
  const { Item } = await client.get({ TableName: COUNTS, Key: { pk: 'large-0' } });
  expect(Item?.n).toBeUndefined();
});

test('a malformed request gets a response, and the engine continues', async () => {
  const send = async (body: string, headers: object = {}) => {
    const answer = await fetch(engine.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.TransactWriteItems',
        authorization: 'AWS4-HMAC-SHA256 Credential=local',
        ...headers,
      },
    });
    return [answer.status, ((await answer.json()) as { __type: string }).__type.split('#')[1]];
  };
  for (const body of [
    '',
    '{',
    'null',
    '5',
    '{"TransactItems":5}',
    '{"TransactItems":{}}',
    '{"TransactItems":[5]}',
  ])
    expect([body, ...(await send(body))]).toEqual([body, 400, 'SerializationException']);
  expect(await send('{}')).toEqual([400, 'ValidationException']);
  expect(await send('{"TransactItems":[null]}')).toEqual([400, 'ValidationException']);
  expect(await send('{}', { authorization: '' })).toEqual([400, 'MissingAuthenticationTokenException']);
  expect(await send('{}', { 'x-amz-target': 'DynamoDB_20120810.Nothing' })).toEqual([
    400,
    'UnknownOperationException',
  ]);
  expect(engine.warnings).toEqual([]);
});
