import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeEach, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { Link } from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { encodeGeoFile, readBoundaries } from '../../../lib/geo-data.ts';
import { capturedOutput } from '../captured-output.ts';
import { sampleLink } from '../sample-link.ts';

// As in Lambda, the handler looks for its geo files when it is loaded.
const bundle = await mkdtemp(join(tmpdir(), 'clickhook-redirect-'));
await mkdir(join(bundle, 'geo'));
const geoFile = (name: string, line: string, skipped: number) =>
  writeFile(join(bundle, 'geo', name), encodeGeoFile(readBoundaries([line], skipped)));
await geoFile('country.bin', '198.51.100.0,198.51.100.255,DE', 0);
await geoFile('isp.bin', '198.51.100.0,198.51.100.255,64500,Example AG', 1);
process.env.LAMBDA_TASK_ROOT = bundle;

/** The redirect. Its geo files contain the addresses 198.51.100.0/24: Germany, Example AG. */
export const { handler } = await import('../../../lambdas/redirect/handler.ts');

export const table = mockClient(DynamoDBDocumentClient);
export const queue = mockClient(SQSClient);
let lines: () => string[];

/** Gives each test of a file a table with the sample link at /sale, a queue that accepts clicks, and no log output. */
export function prepareEachTest(): void {
  beforeEach(() => {
    table.reset();
    queue.reset();
    jest.spyOn(logger, 'error').mockImplementation(() => undefined);
    lines = capturedOutput();
    process.env.CLICKHOOK_TABLE_NAME = 'main';
    process.env.CLICKHOOK_CLICKS_TABLE_NAME = 'clicks';
    process.env.CLICKHOOK_CLICKS_QUEUE_URL = 'https://sqs.example.com/1/clicks';
    process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
    table.on(GetCommand).resolves({ Item: linkItem(sampleLink()) });
    settings({});
    queue.on(SendMessageCommand).resolves({ MessageId: 'm1' });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => rm(bundle, { recursive: true }));
}

/** Stores the sample link with these fields. */
export function link(fields: Partial<Link>): void {
  table.on(GetCommand, { Key: { sk: 'LINK' } }).resolves({ Item: linkItem(sampleLink(fields)) });
}

/** Stores the settings of workspace 1 or another. An instance caches the settings that it has read. */
export function settings(item: object, workspaceId = 1): void {
  table
    .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
    .resolves({ Item: { id: workspaceId, ...item } });
}

/** The messages that were sent to the queue. */
export const messages = () => queue.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

/** The payload of the first message. */
export const clicked = () => JSON.parse(messages()[0]?.MessageBody ?? '{}').payload;

export const allReads = () => table.commandCalls(GetCommand).map(({ args }) => args[0].input);

/** The reads of links. */
export const reads = () => allReads().filter(({ Key }) => Key?.sk === 'LINK');

/** The lines that were written to stdout: metrics, and logs that are not errors. */
export const written = () => lines();

/** How often a metric was counted. */
export const counted = (name: string) => written().filter((line) => line.includes(`"${name}":1`)).length;

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
export const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
