import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../local/engines.ts';
import { engineClients } from '../../local/provision.ts';

const ENGINES = ['dynamodb', 'sqs'] as const;
const engines = new Map<string, Engine>();
const urlOf = (name: string) => engines.get(name)?.url ?? '';

beforeAll(async () => {
  for (const name of ENGINES) engines.set(name, await startEngine(name, { warn: () => undefined }));
});

afterAll(async () => {
  await Promise.all([...engines.values()].map((engine) => engine.close()));
});

test.each(ENGINES)('%s rejects web pages, and does not allow their preflight requests', async (name) => {
  for (const method of ['POST', 'OPTIONS', 'PUT', 'GET']) {
    const answer = await fetch(urlOf(name), { method, headers: { origin: 'https://evil.example' } });
    expect([method, answer.status]).toEqual([method, 403]);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await answer.json()).toEqual({ message: expect.stringMatching(/^Web pages must not/) });
  }
});

test('SQS rejects forms of a page, which a browser sends without asking first', async () => {
  const form = new URLSearchParams({ Action: 'CreateQueue', QueueName: 'of-a-page', Version: '2012-11-05' });
  const headers = { 'sec-fetch-site': 'cross-site' };
  expect((await fetch(urlOf('sqs'), { method: 'POST', body: form, headers })).status).toBe(403);
  const { sqs } = engineClients(urlOf('dynamodb'), urlOf('sqs'));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  expect(QueueUrls).toEqual([]);
  sqs.destroy();
});

test('the AWS SDK has access', async () => {
  const { dynamoDb, sqs } = engineClients(urlOf('dynamodb'), urlOf('sqs'));
  expect((await dynamoDb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  expect((await sqs.send(new CreateQueueCommand({ QueueName: 'own' }))).QueueUrl).toMatch(/\/own$/);
  dynamoDb.destroy();
  sqs.destroy();
});
