import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import fc from 'fast-check';
import { createDynamoDb } from '../../../local/dynamodb/server.ts';
import { runs } from '../../full-runs.ts';
import { clientOf, createTables, THINGS } from './engine.ts';

const OPTIONS = { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 };

const servers: Server[] = [];
const clients: DynamoDBDocument[] = [];
const urls: string[] = [];

/** First dynalite unchanged, then with transactions. */
beforeAll(async () => {
  for (const server of [dynalite(OPTIONS), createDynamoDb(OPTIONS)]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = clientOf(url);
    await createTables(client);
    servers.push(server);
    clients.push(client);
    urls.push(url);
  }
});

afterAll(async () => {
  for (const client of clients) client.destroy();
  for (const server of servers) {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
});

const KEYS = ['a', 'b'];
const attribute = fc.constantFrom('n', 'list', 'tags', 'gsi1pk', 'gsi1sk');
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('x', 'y', ''),
  fc.constant(['e']),
  fc.constantFrom(new Set(['s']), new Set([1])),
);
const condition = fc.option(
  fc.tuple(
    attribute,
    fc.constantFrom('attribute_exists(#c)', 'attribute_not_exists(#c)', '#c = #c', 'size(#c) > #c'),
  ),
  { nil: undefined },
);
const key = fc.constantFrom(...KEYS);
const CHANGES = [
  'SET #a = :v',
  'SET #a = #a + :v',
  'SET #a = if_not_exists(#a, :v)',
  'SET #a = list_append(#a, :v)',
];
const write = fc.oneof(
  fc.record({
    kind: fc.constant('Put'),
    key,
    condition,
    item: fc.dictionary(attribute, value, { maxKeys: 3 }),
  }),
  fc.record({ kind: fc.constant('Delete'), key, condition }),
  fc.record({
    kind: fc.constant('Update'),
    key,
    condition,
    change: fc.tuple(fc.constantFrom(...CHANGES, 'ADD #a :v', 'DELETE #a :v', 'REMOVE #a'), attribute, value),
  }),
);
type SingleWrite = typeof write extends fc.Arbitrary<infer T> ? T : never;

/** The same write as the parameters of a single operation, or of one in a transaction. */
function parametersOf(write: SingleWrite) {
  const Key = { pk: write.key, sk: 's' };
  const [conditionOn, ConditionExpression] = write.condition ?? [];
  const names: Record<string, string> = conditionOn ? { '#c': conditionOn } : {};
  let more: Record<string, unknown> = { Key };
  if ('item' in write) more = { Item: { ...write.item, ...Key } };
  if ('change' in write) {
    const [UpdateExpression, name, given] = write.change;
    names['#a'] = name;
    const values = UpdateExpression.includes(':v') ? { ':v': given } : undefined;
    more = { Key, UpdateExpression, ExpressionAttributeValues: values };
  }
  const ExpressionAttributeNames = Object.keys(names).length ? names : undefined;
  return { TableName: THINGS, ConditionExpression, ExpressionAttributeNames, ...more };
}

const SINGLE = { Put: 'put', Update: 'update', Delete: 'delete' } as const;

/** The result of a write: `done`, or DynamoDB's message. */
async function outcomeOf(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'done',
    (error: Error) =>
      error instanceof TransactionCanceledException
        ? String(error.CancellationReasons?.[0]?.Message)
        : error.message,
  );
}

async function contents(client: DynamoDBDocument) {
  const read = async (IndexName?: string) => {
    const { Items = [] } = await client.scan({ TableName: THINGS, IndexName });
    return Items.sort((a, b) => (a.pk < b.pk ? -1 : 1));
  };
  return { items: await read(), index: await read('byOwner') };
}

test('a transaction with one write has the same effect and result as the single write', async () => {
  const [plain, transacted] = clients as [DynamoDBDocument, DynamoDBDocument];
  const property = fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 12 }), async (writes) => {
    for (const pk of KEYS)
      for (const client of clients) await client.delete({ TableName: THINGS, Key: { pk, sk: 's' } });
    for (const write of writes) {
      const parameters = parametersOf(write) as never;
      const single = await outcomeOf(plain[SINGLE[write.kind as 'Put']](parameters));
      const operation = { [write.kind]: parameters } as never;
      expect(await outcomeOf(transacted.transactWrite({ TransactItems: [operation] }))).toBe(single);
    }
    expect(await contents(transacted)).toEqual(await contents(plain));
  });
  await fc.assert(property, { numRuns: runs(60, 15) });
});

const OPERATIONS: [string, object][] = [
  [
    'PutItem',
    {
      TableName: THINGS,
      Item: { pk: { S: 'p' }, sk: { S: '1' }, n: { N: '1' } },
      ReturnConsumedCapacity: 'TOTAL',
    },
  ],
  [
    'PutItem',
    {
      TableName: THINGS,
      Item: { pk: { S: 'p' }, sk: { S: '1' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  ],
  [
    'UpdateItem',
    {
      TableName: THINGS,
      Key: { pk: { S: 'p' }, sk: { S: '1' } },
      UpdateExpression: 'ADD n :n',
      ExpressionAttributeValues: { ':n': { N: '2' } },
      ReturnValues: 'ALL_NEW',
    },
  ],
  [
    'BatchWriteItem',
    {
      RequestItems: {
        [THINGS]: [
          {
            PutRequest: { Item: { pk: { S: 'p' }, sk: { S: '2' }, gsi1pk: { S: 'g' }, gsi1sk: { S: 'h' } } },
          },
        ],
      },
    },
  ],
  ['BatchGetItem', { RequestItems: { [THINGS]: { Keys: [{ pk: { S: 'p' }, sk: { S: '1' } }] } } }],
  ['GetItem', { TableName: THINGS, Key: { pk: { S: 'p' }, sk: { S: '1' } }, ConsistentRead: true }],
  [
    'Query',
    { TableName: THINGS, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } },
  ],
  [
    'Query',
    {
      TableName: THINGS,
      IndexName: 'byOwner',
      KeyConditionExpression: 'gsi1pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'g' } },
    },
  ],
  ['DeleteItem', { TableName: THINGS, Key: { pk: { S: 'p' }, sk: { S: '1' } }, ReturnValues: 'ALL_OLD' }],
  ['GetItem', { TableName: 'missing', Key: { pk: { S: 'p' } } }],
  ['GetItem', { TableName: THINGS, Key: { pk: { N: '1' } } }],
  ['ListTables', {}],
  ['ExecuteTransaction', {}],
];

test('all other operations respond as before', async () => {
  for (const [operation, parameters] of OPERATIONS) {
    const answers = [];
    for (const url of urls) {
      const answer = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(parameters),
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          'x-amz-date': '20270131T120000Z',
          authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
        },
      });
      answers.push({ status: answer.status, body: await answer.json() });
    }
    expect({ operation, ...answers[1] }).toEqual({ operation, ...answers[0] });
  }
});
