import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { rejectDirectAccess } from '../../lambdas/edge.ts';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { httpEvent } from './http-event.ts';

const SECRET = 'sixteen-or-more-characters';
const OTHER = 'another-of-sixteen-characters';

/** Every function behind a route: its file and its export. */
const behindRoutes: [id: string, entry: string, handler: string][] = [
  ['Redirect', 'redirect/handler.ts', 'handler'],
  ...ENDPOINTS.filter(({ access }) => access !== 'iam').map(
    ({ id, entry, handler }): [string, string, string] => [id, entry, handler],
  ),
];

const table = mockClient(DynamoDBDocumentClient);
const queue = mockClient(SQSClient);
const before = { ...process.env };

beforeEach(() => {
  table.reset();
  table.resolves({});
  queue.reset();
  Object.assign(process.env, {
    CLICKHOOK_EDGE_SECRET: SECRET,
    CLICKHOOK_EDGE_ONLY: '1',
    CLICKHOOK_BASE_URL: 'https://links.example.com',
    CLICKHOOK_TABLE_NAME: 'main',
  });
});

afterEach(() => {
  process.env = { ...before };
});

afterAll(() => {
  table.restore();
  queue.restore();
});

const event = (headers: Record<string, string>) =>
  httpEvent({ path: '/app/assets/gone.js', headers: { authorization: 'Bearer ck_test', ...headers } });

async function call(
  entry: string,
  handler: string,
  headers: Record<string, string>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const handlers = await import(`../../lambdas/${entry}`);
  return handlers[handler](event(headers), {});
}

describe.each(behindRoutes)('%s, when only the CDN is allowed', (_id, entry, handler) => {
  test.each([
    ['without a secret', {}],
    ['with a wrong secret', { 'x-clickhook-edge-secret': `${SECRET}!` }],
    ['with an empty secret', { 'x-clickhook-edge-secret': '' }],
  ])('rejects a request %s, reads nothing and names the right address', async (_title, headers) => {
    const { statusCode, body } = await call(entry, handler, headers as Record<string, string>);
    expect(statusCode).toBe(403);
    expect(JSON.parse(body ?? '')).toEqual({
      error: 'This address does not accept requests. Use https://links.example.com instead.',
      code: 'closed_address',
    });
    expect(table.calls()).toEqual([]);
    expect(queue.calls()).toEqual([]);
  });

  test('answers requests through the CDN as usual', async () => {
    const { statusCode } = await call(entry, handler, { 'x-clickhook-edge-secret': SECRET });
    expect(statusCode).not.toBe(403);
  });
});

describe('an address', () => {
  test('accepts the second secret too, while one replaces the other', () => {
    process.env.CLICKHOOK_OTHER_EDGE_SECRET = OTHER;
    expect(rejectDirectAccess({ 'x-clickhook-edge-secret': OTHER })).toBeUndefined();
    expect(rejectDirectAccess({ 'x-clickhook-edge-secret': SECRET })).toBeUndefined();
    expect(rejectDirectAccess({ 'x-clickhook-edge-secret': `${SECRET}${OTHER}` })).toBeDefined();
  });

  test('is open to all unless the stack says otherwise, with or without a CDN in front', () => {
    delete process.env.CLICKHOOK_EDGE_ONLY;
    expect(rejectDirectAccess({})).toBeUndefined();
    delete process.env.CLICKHOOK_EDGE_SECRET;
    expect(rejectDirectAccess({})).toBeUndefined();
  });

  test('that only allows the CDN but has no secret rejects all requests', () => {
    delete process.env.CLICKHOOK_EDGE_SECRET;
    expect(rejectDirectAccess({ 'x-clickhook-edge-secret': 'undefined' })).toBeDefined();
  });
});
