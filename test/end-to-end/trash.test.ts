import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../local/engines.ts';
import { type LocalStack, startLocal } from './local-stack.ts';

let engine: Engine;
let stack: LocalStack;
let client: DynamoDBClient;

beforeAll(async () => {
  engine = await startEngine('dynamodb', { warn: () => undefined });
  stack = await startLocal({ CLICKHOOK_DYNAMODB_ENDPOINT: engine.url });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: engine.url, region: 'us-east-1', credentials });
});

afterAll(async () => {
  client?.destroy();
  await stack?.stop();
  await engine?.close();
});

test('a purged link is deleted with its webhooks, and its slug is free', async () => {
  const fields = { url: 'https://example.com/', slug: '/sale', webhooks: 'http://localhost:9/hook' };
  const { body: link } = await stack.call('POST', '/link', fields);
  const { body: kept } = await stack.call('POST', '/link', { ...fields, slug: '/kept' });
  await stack.call('DELETE', `/workspace/1/links/${link.id}`);
  expect((await stack.call('POST', '/link', fields)).status).toBe(422);

  const documents = DynamoDBDocumentClient.from(client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => name.includes('Main')) ?? '';
  const purged = async () => {
    const { Items = [] } = await documents.send(new ScanCommand({ TableName }));
    return Items.filter(({ purge_at }) => typeof purge_at === 'number');
  };
  const before = await purged();
  // The link, its location, its webhook, and the counts that a late click would add to.
  expect(before).toHaveLength(4);
  for (const { pk, sk } of before) {
    await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk, sk },
        UpdateExpression: 'SET purge_at = :past',
        ExpressionAttributeValues: { ':past': 1 },
      }),
    );
  }
  await stack.stop();
  stack = await startLocal({ CLICKHOOK_DYNAMODB_ENDPOINT: engine.url });
  // The embedded engine does not expire items. The stack does so when it starts.
  while ((await purged()).length > 0) await stack.call('GET', '/workspaces');
  expect((await stack.call('GET', `/link/${link.id}`)).status).toBe(404);
  expect((await stack.call('POST', '/link', fields)).status).toBe(200);
  expect((await stack.call('GET', `/link/${kept.id}`)).body.webhooks).toHaveLength(1);
});
