import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { list as handler } from '../../lambdas/links/handlers.ts';
import { readItems } from '../../lambdas/table.ts';
import { logger } from '../../lambdas/telemetry.ts';
import { call } from './call.ts';

type Key = { pk: string };

const mock = mockClient(DynamoDBDocumentClient);
const keys = (count: number): Key[] => Array.from({ length: count }, (_, index) => ({ pk: `LINK#${index}` }));
let askedAtMs: number[];

/** Returns this many keys of each request. The others come back unprocessed. */
function answering(most: (request: number) => number): void {
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => {
    const asked: Key[] = RequestItems.main.Keys;
    const read = most(askedAtMs.push(performance.now()));
    const left = asked.slice(read);
    return {
      Responses: { main: asked.slice(0, read) },
      ...(left.length > 0 ? { UnprocessedKeys: { main: { Keys: left } } } : {}),
    };
  });
}

beforeEach(() => {
  process.env.CLICKHOOK_TABLE_NAME = 'main';
  mock.reset();
  askedAtMs = [];
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('keys that a throttled table skips', () => {
  test.each([
    ['a few at a time', (_: number) => 7],
    ['nothing at first', (request: number) => (request < 4 ? 0 : 100)],
    ['one and then nothing, again and again', (request: number) => (request % 3 === 0 ? 40 : 0)],
  ])('are requested again when it returns %s', async (_title, most) => {
    answering(most);
    const items = await readItems(keys(50));
    expect(items.map(({ pk }) => pk).sort()).toEqual(
      keys(50)
        .map(({ pk }) => pk)
        .sort(),
    );
  });

  test('are requested after pauses that grow', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    answering((request) => (request < 4 ? 0 : 100));
    await readItems(keys(3));
    const pauses = askedAtMs.slice(1).map((at, index) => at - (askedAtMs[index] ?? 0));
    expect(pauses).toHaveLength(3);
    // Timers may be a millisecond early.
    for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThan(50 * 2 ** index - 2);
  });

  test('and never returns end with a temporary error', async () => {
    answering(() => 0);
    await expect(readItems(keys(3))).rejects.toMatchObject({ name: 'Unavailable' });
    expect(askedAtMs).toHaveLength(5);
  });
});

test('more keys than one request can have are read in several', async () => {
  answering(() => 100);
  expect(await readItems(keys(250))).toHaveLength(250);
  expect(askedAtMs).toHaveLength(3);
});

test('a list whose counts never arrive is a 503', async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const link = { pk: 'SLUG#-#/a', sk: 'LINK', gsi1pk: 'WORKSPACE#1', gsi1sk: '1', id: 1, slug: '/a' };
  process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
  mock
    .on(GetCommand)
    .resolves({ Item: { workspace_id: 1, link_count: 1, trash_count: 0, large_links: false } });
  mock.on(QueryCommand).resolves({ Items: [link] });
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
  expect((await call(handler)).status).toBe(503);
});
