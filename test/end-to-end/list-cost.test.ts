import { DynamoDBClient, ListTablesCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newLink } from '../../lambdas/links/link.ts';
import { linkItem } from '../../lambdas/links/link-items.ts';
import { type Engine, startEngine } from '../../local/engines.ts';
import { runs } from '../full-runs.ts';
import { type LocalStack, startLocal } from './local-stack.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

const LINKS = runs(10_000, 2_500);
const FIRST_ID = 100;
/** How many bytes DynamoDB reads for one unit, eventually consistent: 8 KB. */
const BYTES_PER_UNIT = 8 * 1024;

let engine: Engine;
let proxy: RecordingProxy;
let stack: LocalStack;
/** Read units by kind of response, since `measured` began. */
let units: { query: number; all: number };

/** Makes every read return what it costs. */
function askForCapacity(body: string): string {
  const request = body.startsWith('{') ? JSON.parse(body) : undefined;
  const isRead =
    request &&
    ('KeyConditionExpression' in request || 'RequestItems' in request || 'ConsistentRead' in request);
  return isRead ? JSON.stringify({ ...request, ReturnConsumedCapacity: 'TOTAL' }) : body;
}

function addCapacity(body: string): void {
  if (!body.includes('ConsumedCapacity')) return;
  const answer = JSON.parse(body);
  const total = [answer.ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  units.all += total;
  if ('Items' in answer || 'Count' in answer) units.query += total;
}

const note = 'x'.repeat(500);
const linkOf = (id: number) =>
  newLink(
    { id, workspace_id: 1, slug: `/l${id}`, url: `https://example.com/${id}` },
    { name: `Link ${id}`, note },
    '2025-01-01T00:00:00.000Z',
  );

/** Writes links into the table as the API would, without its ten thousand calls. */
async function seed(): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const documents = DynamoDBDocumentClient.from(client);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const table = TableNames.find((name) => name.includes('Main')) ?? '';
  for (let start = 0; start < LINKS; start += 25) {
    const items = Array.from({ length: 25 }, (_, index) => linkItem(linkOf(FIRST_ID + start + index)));
    await documents.send(
      new BatchWriteCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
  }
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: 'WORKSPACE#1' }, sk: { S: 'SETTINGS' } },
      UpdateExpression: 'ADD link_count :links',
      ExpressionAttributeValues: { ':links': { N: String(LINKS) } },
    }),
  );
  client.destroy();
}

beforeAll(async () => {
  engine = await startEngine('dynamodb', { warn: () => undefined });
  units = { query: 0, all: 0 };
  proxy = await startRecordingProxy(engine.url, { rewrite: askForCapacity, onAnswer: addCapacity });
  stack = await startLocal({ CLICKHOOK_DYNAMODB_ENDPOINT: proxy.url });
  await seed();
});

afterAll(async () => {
  await stack?.stop();
  await proxy?.close();
  await engine?.close();
});

async function measured(path: string) {
  units = { query: 0, all: 0 };
  const { status, body } = await stack.call('GET', `/workspace/1/${path}`);
  expect(status).toBe(200);
  return { body, ...units };
}

/** The units of links whose index items are as large as these. */
const unitsOf = (links: { id: number }[]) =>
  links.reduce((bytes, { id }) => bytes + Buffer.byteLength(JSON.stringify(linkItem(linkOf(id)))), 0) /
  BYTES_PER_UNIT;

describe(`a list of ${LINKS} links`, () => {
  test('by id, page 1, reads only that page; the total is stored', async () => {
    const { body, query } = await measured('list_links?page_size=50');
    expect(body.links).toHaveLength(50);
    expect(body.links[0].id).toBe(FIRST_ID + LINKS - 1);
    expect(body).toMatchObject({
      total_entries: LINKS + 1,
      total_pages: Math.ceil((LINKS + 1) / 50),
      workspace_link_count: LINKS + 1,
    });
    expect(query).toBeGreaterThan(0);
    expect(query).toBeLessThanOrEqual(unitsOf(body.links) + 1);
  });

  test('in ascending order begins with the first links, at the same cost', async () => {
    const { body, query } = await measured('list_links?page_size=50&sort_dir=asc');
    expect(body.links[1].id).toBe(FIRST_ID);
    expect(query).toBeLessThanOrEqual(unitsOf(body.links) + 1);
  });

  test('with a search or another order reads all links and finds the same total', async () => {
    const found = await measured('list_links?search=link%20105');
    expect(found.body.total_entries).toBe(11);
    expect(found.query).toBeGreaterThan(LINKS / 20);
    expect((await measured('list_links?sort_by=name&page=3&page_size=10')).body.total_entries).toBe(
      LINKS + 1,
    );
  });

  test('is exported completely in parts that fit into a response, each link once', async () => {
    const ids: number[] = [];
    let cursor = '';
    do {
      const response = await fetch(`${stack.url}/api/v1/workspace/1/links/export?cursor=${cursor}`, {
        headers: { authorization: 'Bearer ck_local' },
      });
      ids.push(...((await response.json()) as { id: number }[]).map(({ id }) => id));
      cursor = response.headers.get('x-next-cursor') ?? '';
    } while (cursor);
    expect(ids).toHaveLength(LINKS + 1);
    expect(new Set(ids).size).toBe(LINKS + 1);
  });
});
