import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { ClickDetails } from '../../../lambdas/clicks/click.ts';
import { ulidOf } from '../../../lambdas/clicks/identity.ts';
import { logItem } from '../../../lambdas/clicks/log-entry.ts';
import type { Link } from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { statistics } from '../../../lambdas/public-statistics/handlers.ts';
import { forgetStatistics } from '../../../lambdas/public-statistics/statistics.ts';
import type { Item } from '../../../lambdas/table.ts';
import { click } from '../deliver/sample-click.ts';
import { httpEvent, type RequestOptions } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';

/** The tables of a function, with links and clicks. */
export const table = mockClient(DynamoDBDocumentClient);

let clicks: Item[] = [];
const DAY_SECONDS = 24 * 60 * 60;
/** Read units that each query of clicks costs. */
let unitsPerQuery = 0.5;

/** Makes each query of clicks cost this many read units. */
export function readingCosts(units: number): void {
  unitsPerQuery = units;
}

/** Gives each test of a file empty tables, and an instance that knows nothing. */
export function prepareEachTest(): void {
  beforeEach(() => {
    forgetStatistics();
    clicks = [];
    unitsPerQuery = 0.5;
    process.env.CLICKHOOK_TABLE_NAME = 'main';
    process.env.CLICKHOOK_CLICKS_TABLE_NAME = 'clicks';
    process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
    table.reset();
    table.on(GetCommand).resolves({});
    table.on(PutCommand).resolves({});
    table.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => ({
      Items: clicks.filter(
        ({ pk, sk }) => pk === values[':pk'] && sk >= values[':from'] && sk <= values[':to'],
      ),
      ConsumedCapacity: { CapacityUnits: unitsPerQuery },
    }));
  });
}

/** Stores the sample link, with public statistics unless the fields say otherwise. */
export function storeLink(fields: Partial<Link> = {}): Link {
  const link = sampleLink({ public_analytics: true, ...fields });
  const { pk, sk, ...item } = linkItem(link);
  table.on(GetCommand, { Key: { pk, sk } }).resolves({ Item: { pk, sk, ...item } });
  return link;
}

/** Stores a click on the sample link or another, so many days ago. */
export function storeClick(details: Partial<ClickDetails> = {}, { daysAgo = 0, link_id = 12345 } = {}): void {
  const message = click(1, { link_id });
  const atMs = Date.now() - daysAgo * DAY_SECONDS * 1_000;
  message.payload.timestamp = new Date(atMs).toISOString().replace('Z', '000Z');
  message.payload.click = { ...message.payload.click, id: ulidOf(atMs), ...details };
  clicks.push(logItem(message, 'A'.repeat(16), Math.floor(Date.now() / 1_000) + DAY_SECONDS));
}

/** How many requests the function has sent to its tables. */
export const requests = () => table.calls().length;

/** The routes. */
export const DATA = '/api/v1/public/statistics';
export const PAGE = '/api/v1/public/statistics/page';

/** A response of the function. */
export type Answer = { statusCode: number; headers: Record<string, string>; body: string };

/** Asks for the statistics of the sample link, as data, or what the arguments say. */
export async function ask(
  path = DATA,
  query = 'slug=%2Fsale',
  options: RequestOptions = {},
): Promise<Answer> {
  return (await statistics(httpEvent({ path, query, ...options }))) as Answer;
}
/** The data of a response. */
export const dataOf = ({ body }: Answer) => JSON.parse(body);
