import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf, startWithTables, THINGS } from './engine.ts';

let engine: Awaited<ReturnType<typeof startWithTables>>;
let client: DynamoDBDocument;

beforeAll(async () => {
  engine = await startWithTables();
  client = engine.client;
});

afterAll(() => engine.close());

const INVALID = 'One or more parameter values were invalid:';
const TOO_LONG = {
  pk: `${INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  sk: `${INVALID} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
};
const UPDATED =
  'The update expression attempted to update the secondary index key beyond allowed size limits';
const TableName = THINGS;

/** A text of exactly this many bytes, made of characters of 1 to 4 bytes. */
const textOf = (character: string, bytes: number) =>
  character.repeat(Math.floor(bytes / Buffer.byteLength(character))) +
  'x'.repeat(bytes % Buffer.byteLength(character));

describe.each(['a', 'é', '€', '😀'])('keys of %s', (character) => {
  const operations: [string, (key: object) => Promise<unknown>][] = [
    ['PutItem', (key) => client.put({ TableName, Item: key })],
    ['UpdateItem', (key) => client.update({ TableName, Key: key, UpdateExpression: 'REMOVE n' })],
    ['GetItem', (key) => client.get({ TableName, Key: key })],
    ['DeleteItem', (key) => client.delete({ TableName, Key: key })],
    ['BatchGetItem', (key) => client.batchGet({ RequestItems: { [TableName]: { Keys: [key] } } })],
    [
      'BatchWriteItem',
      (key) => client.batchWrite({ RequestItems: { [TableName]: [{ PutRequest: { Item: key } }] } }),
    ],
    ['Scan from a key', (key) => client.scan({ TableName, ExclusiveStartKey: key })],
  ];

  test.each(operations)('%s accepts them up to the limit in bytes', async (_name, send) => {
    const longest = { pk: textOf(character, 2_048), sk: textOf(character, 1_024) };
    await send(longest);
    for (const [part, message] of Object.entries(TOO_LONG)) {
      const tooLong = { ...longest, [part]: `${longest[part as 'pk' | 'sk']}x` };
      const refusal = await refusalOf(send(tooLong));
      expect(refusal).toEqual({ name: 'ValidationException', message: expect.stringContaining(message) });
    }
  });

  test('the keys of an index have the same limits', async () => {
    const key = { pk: 'indexed', sk: character };
    const longest = { gsi1pk: textOf(character, 2_048), gsi1sk: textOf(character, 1_024) };
    await client.put({ TableName, Item: { ...key, ...longest } });
    for (const [part, message] of [
      ['gsi1pk', TOO_LONG.pk],
      ['gsi1sk', TOO_LONG.sk],
    ] as const) {
      const tooLong = `${longest[part]}x`;
      const put = client.put({ TableName, Item: { ...key, ...longest, [part]: tooLong } });
      expect(await refusalOf(put)).toEqual({ name: 'ValidationException', message });
      const Update = {
        TableName,
        Key: key,
        UpdateExpression: `SET ${part} = :v`,
        ExpressionAttributeValues: { ':v': tooLong },
      };
      expect(await refusalOf(client.update(Update))).toEqual({
        name: 'ValidationException',
        message: UPDATED,
      });
      expect(await refusalOf(client.transactWrite({ TransactItems: [{ Update }] }))).toMatchObject({
        reasons: [{ Code: 'ValidationError', Message: UPDATED }],
      });
    }
    const { Item } = await client.get({ TableName, Key: key });
    expect(Item).toEqual({ ...key, ...longest });
  });

  test('an item has at most 400 KB, including the names of its attributes', async () => {
    const key = { pk: 'large', sk: character };
    const name = textOf(character, 100);
    const used = 'pk'.length + 'large'.length + 'sk'.length + Buffer.byteLength(character) + 100;
    const value = textOf(character, 409_600 - used);
    const put = (text: string) => client.put({ TableName, Item: { ...key, [name]: text } });
    await put(value);
    expect(await refusalOf(put(`${value}x`))).toEqual({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
    const nested = { m: { [name]: [value, new Set([character])] } };
    expect((await refusalOf(client.put({ TableName, Item: { ...key, ...nested } }))).message).toMatch(
      /^Item size/,
    );
  });
});
