import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { type EngineOptions, startEngine } from '../../../local/engines.ts';

/** A table with a sort key and an index, and one with neither. */
export const THINGS = 'things';
export const COUNTS = 'counts';

const TABLES: CreateTableCommandInput[] = [
  {
    TableName: THINGS,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  {
    TableName: COUNTS,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
];

/** A client for the engine at `url`. It tries once by default, so that a test sees every response. */
export function clientOf(url: string, maxAttempts = 1) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return DynamoDBDocument.from(
    new DynamoDBClient({ endpoint: url, region: 'local', credentials, maxAttempts }),
    {
      marshallOptions: { removeUndefinedValues: true },
    },
  );
}

/** Creates both tables and waits until they accept requests. */
export async function createTables(client: DynamoDBDocument): Promise<void> {
  for (const table of TABLES) await client.send(new CreateTableCommand(table));
  for (const { TableName } of TABLES) {
    let status: string | undefined;
    while (status !== 'ACTIVE') {
      status = (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
    }
  }
}

/** The embedded engine with both tables, empty. `close` ends it and its client. */
export async function startWithTables(options: Omit<EngineOptions, 'warn'> = {}) {
  const warnings: string[] = [];
  const engine = await startEngine('dynamodb', { ...options, warn: (line) => warnings.push(line) });
  const client = clientOf(engine.url);
  await createTables(client);
  const close = async () => {
    client.destroy();
    await engine.close();
  };
  return { client, url: engine.url, warnings, close };
}

/** The parts of a DynamoDB error: its name, its message, and the reasons of a cancelled transaction. */
export async function refusalOf(sent: Promise<unknown>) {
  const error = await sent.then(
    () => {
      throw new Error('it was not refused');
    },
    (caught: Error) => caught,
  );
  const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : undefined;
  return { name: error.name, message: error.message, ...(reasons && { reasons }) };
}

export const CANCELED = 'Transaction cancelled, please refer cancellation reasons for specific reasons';
