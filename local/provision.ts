import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT_ID, type PhysicalResource, REGION } from './intrinsics.ts';
import { StackError } from './stack-error.ts';
import type { NamedResource } from './template.ts';
import { resourcesOf, type Template, TYPE } from './template.ts';

const CREDENTIALS = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Clients for the engines at these endpoints. */
export function engineClients(dynamoDbUrl: string, sqsUrl: string) {
  return {
    dynamoDb: new DynamoDBClient({ ...CREDENTIALS, endpoint: dynamoDbUrl }),
    sqs: new SQSClient({ ...CREDENTIALS, endpoint: sqsUrl, useQueueUrlAsEndpoint: false }),
  };
}

const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${name}`;

function keyShape(
  table: Pick<CreateTableCommandInput, 'KeySchema' | 'GlobalSecondaryIndexes'> | TableDescription,
): string {
  const keys = (schema: { AttributeName?: string | undefined }[] = []) =>
    schema.map((key) => key.AttributeName).join('+');
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(
    (index) => `${index.IndexName}:${keys(index.KeySchema)}`,
  );
  return [keys(table.KeySchema), ...indexes.sort()].join(' ');
}

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

const POLL_MS = 20;

/**
 * Creates a table of the template if it is missing.
 * @throws StackError when a table with that name has other keys or indexes
 */
export async function provisionTable(
  client: DynamoDBClient,
  { logicalId, properties }: NamedResource,
): Promise<PhysicalResource> {
  const name = String(properties.TableName ?? logicalId);
  const wanted = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    ...(properties.GlobalSecondaryIndexes
      ? { GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes }
      : {}),
  } as CreateTableCommandInput;
  const existing = await describe(client, name);
  if (existing && keyShape(existing) !== keyShape(wanted)) {
    throw new StackError(
      `The table ${name} has other keys than the template. Remove the data folder, or set CLICKHOOK_DATA to another folder.`,
    );
  }
  if (!existing) await client.send(new CreateTableCommand(wanted));
  while ((await describe(client, name))?.TableStatus !== 'ACTIVE') await delay(POLL_MS);
  const tableArn = arn('dynamodb', `table/${name}`);
  return { ref: name, attributes: { Arn: tableArn, StreamArn: `${tableArn}/stream/local` } };
}

/** Creates a queue of the template if it is missing. */
export async function provisionQueue(
  client: SQSClient,
  endpoint: string,
  { logicalId, properties }: NamedResource,
): Promise<PhysicalResource> {
  const name = String(properties.QueueName ?? logicalId);
  const attribute = (key: string) =>
    properties[key] === undefined ? {} : { [key]: String(properties[key]) };
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { ...attribute('VisibilityTimeout'), ...attribute('MessageRetentionPeriod') },
    }),
  );
  // Engines return a host that may not resolve here. The path identifies the queue.
  const ref = new URL(new URL(QueueUrl ?? '', endpoint).pathname, endpoint).href;
  return { ref, attributes: { Arn: arn('sqs', name), QueueName: name } };
}

/** An item in DynamoDB's own notation. */
export type RawItem = Record<string, AttributeValue>;

/**
 * Deletes expired items from a table with a time to live, because the embedded engine never does.
 * @param onRemoved receives each item after it is deleted
 */
export async function reapExpired(
  client: DynamoDBClient,
  tableName: string,
  ttlAttribute: string,
  keyNames: string[],
  onRemoved: (item: RawItem) => void = () => undefined,
): Promise<void> {
  const now = String(Math.floor(Date.now() / 1_000));
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName,
        FilterExpression: '#ttl < :now',
        ExpressionAttributeNames: { '#ttl': ttlAttribute },
        ExpressionAttributeValues: { ':now': { N: now } },
        ExclusiveStartKey,
      }),
    );
    for (const item of page.Items ?? []) {
      const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keyNames.includes(name)));
      await client.send(new DeleteItemCommand({ TableName: tableName, Key }));
      onRemoved(item);
    }
    ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (ExclusiveStartKey);
}

/** The clients of the engines. */
export type Clients = ReturnType<typeof engineClients>;
/** The resources that exist, by logical id. */
export type Physical = Map<string, PhysicalResource>;

/** Creates the template's tables and queues. */
export async function provision(
  template: Template,
  clients: Clients,
  sqsUrl: string,
  physical: Physical,
): Promise<void> {
  for (const table of resourcesOf(template, TYPE.table, TYPE.globalTable)) {
    physical.set(table.logicalId, await provisionTable(clients.dynamoDb, table));
  }
  for (const queue of resourcesOf(template, TYPE.queue)) {
    physical.set(queue.logicalId, await provisionQueue(clients.sqs, sqsUrl, queue));
  }
}

const REAP_INTERVAL_MS = 60_000;

/**
 * Deletes expired items of tables with a time to live now and every minute.
 * @returns a function that stops it
 */
export function startReaper(
  template: Template,
  clients: Clients,
  physical: Physical,
  onRemoved: (table: PhysicalResource, keyNames: string[], item: RawItem) => void,
  log: (line: string) => void,
): () => void {
  const reap = async () => {
    for (const { logicalId, properties } of resourcesOf(template, TYPE.table, TYPE.globalTable)) {
      const ttl = properties.TimeToLiveSpecification as
        | { AttributeName?: string; Enabled?: boolean }
        | undefined;
      const keys = (properties.KeySchema as { AttributeName: string }[]).map((key) => key.AttributeName);
      const table = physical.get(logicalId);
      if (!ttl?.Enabled || !ttl.AttributeName || !table) continue;
      await reapExpired(clients.dynamoDb, table.ref, ttl.AttributeName, keys, (item) =>
        onRemoved(table, keys, item),
      );
    }
  };
  const run = () =>
    reap().catch((error: Error) => log(`Expired items could not be removed: ${error.message}`));
  run();
  const timer = setInterval(run, REAP_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
