import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, jest, test } from '@jest/globals';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { erase, purge, series } from '../../../lambdas/clicks/handlers.ts';
import { ulidOf } from '../../../lambdas/clicks/identity.ts';
import { clicksTable } from '../../../lambdas/clicks/log.ts';
import { logItem } from '../../../lambdas/clicks/log-entry.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { call } from '../call.ts';
import { click } from '../deliver/sample-click.ts';
import { engineTable, OTHER_KEY } from '../engine-table.ts';
import { create } from '../links/link-calls.ts';

const table = engineTable();

const DAY_MS = 24 * 60 * 60 * 1_000;
const daysAgo = (days: number) => Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS;
const inTenYears = Math.floor(Date.now() / 1_000) + 3_650 * 24 * 60 * 60;

/** Stores clicks of a link, one in each millisecond from the start of a past day. */
async function record(workspace_id: number, link_id: number, day: number, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => {
    const message = click(1, { workspace_id, link_id });
    message.payload.click.id = ulidOf(daysAgo(day) + index);
    return logItem(message, 'token', inTenYears);
  });
  const { client, TableName } = clicksTable();
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
  }
}

const path = { workspace_id: '1' };
const inDays = async (query = '', key?: string, workspace = path) => {
  const { body } = await call(series, { query, pathParameters: workspace, ...(key ? { key } : {}) });
  return body.traffic.reduce((sum: number, { y }: { y: number }) => sum + y, 0);
};
const erased = (link_id: string, key?: string) =>
  call(erase, { method: 'DELETE', pathParameters: { link_id }, ...(key ? { key } : {}) });
const inLog = async () => (await table.all('clicks')).filter(({ pk }) => pk.startsWith('CLICK#'));
const summaries = async () =>
  (await table.all('clicks')).filter(({ pk, sk }) => pk.startsWith('DAYS#') && /^\d/.test(sk));

beforeEach(async () => {
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  await create({ slug: '/one' });
  await create({ slug: '/two' });
});

test('the clicks of a link are deleted in every month, and those of others stay', async () => {
  for (const day of [1, 40, 300]) await record(1, 1, day, 30);
  await record(1, 2, 40, 20);
  await record(2, 1, 40, 10);
  expect(await erased('1')).toMatchObject({ status: 200, body: { deleted: 90, complete: true } });
  const left = await inLog();
  expect(left.filter(({ pk, link_id }) => pk.startsWith('CLICK#1#') && link_id === 1)).toEqual([]);
  expect(left).toHaveLength(30);
  expect(await erased('1')).toMatchObject({ status: 200, body: { deleted: 0, complete: true } });
});

test('summaries that contain deleted clicks are deleted, and later reports do not count them', async () => {
  await record(1, 1, 3, 700);
  await record(1, 2, 3, 600);
  expect(await inDays()).toBe(1_300);
  expect(await summaries()).toHaveLength(1);
  await erased('1');
  expect(await summaries()).toEqual([]);
  expect(await inDays()).toBe(600);
  expect(await inDays('link_id=1')).toBe(0);
});

test('another workspace cannot delete them', async () => {
  await record(1, 1, 1, 5);
  expect((await erased('1', OTHER_KEY)).status).toBe(404);
  expect(await inLog()).toHaveLength(5);
});

/** What the stream says of a link that the time to live has removed. */
function removal(linkId: number, workspaceId: number): DynamoDBStreamEvent {
  const Keys = { pk: { S: `LINK#${linkId}` }, sk: { S: 'LINK' } };
  const OldImage = { ...Keys, workspace_id: { N: String(workspaceId) }, slug: { S: '/one' } };
  return { Records: [{ eventName: 'REMOVE', dynamodb: { Keys, OldImage } }] };
}

test('the clicks of a purged link are deleted', async () => {
  await record(1, 1, 40, 30);
  await record(1, 2, 40, 10);
  await purge(removal(1, 1));
  expect(await inLog()).toHaveLength(10);
});

test('a purge that runs out of time fails, so that Lambda repeats it, and the repeated one deletes the rest', async () => {
  await record(1, 1, 40, 30);
  const context = { getRemainingTimeInMillis: () => 0 } as Context;
  await expect(purge(removal(1, 1), context)).rejects.toThrow('Some clicks of the purged link 1 are left');
  await purge(removal(1, 1));
  expect(await inLog()).toEqual([]);
});
