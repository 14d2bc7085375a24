import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV, requiredEnv } from '../env.ts';
import { type Link, linkFromItem } from '../links/link.ts';
import { type Item, MAX_PARTITION_KEY_BYTES, partition, sort, tableClient } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import { notFoundPage, unavailablePage } from './pages.ts';
import type { Arrival } from './visitor.ts';

/** The time limit of the redirect's one read, with a quick second attempt. */
const READ_BUDGET_MS = 1_000;
const READ_ATTEMPT_MS = 600;
/** A read takes a few milliseconds. A kept-alive socket that is silent for this long is dead. */
const SILENCE_MS = 200;

/** The redirect's table client. It and its connection live as long as the function instance. */
export const table = tableClient({
  attempts: 2,
  attemptTimeoutMs: READ_ATTEMPT_MS,
  afterSilenceMs: SILENCE_MS,
});

/** Reads an item. A key that is longer than DynamoDB accepts cannot have an item. */
async function read(pk: string, sk: string): Promise<Item | undefined> {
  if (Buffer.byteLength(pk) > MAX_PARTITION_KEY_BYTES) return undefined;
  const { Item } = await table.send(
    new GetCommand({ TableName: requiredEnv(ENV.tableName), Key: { pk, sk } }),
    { abortSignal: AbortSignal.timeout(READ_BUDGET_MS) },
  );
  return Item;
}

/**
 * Reads the link with a slug on a custom domain or, for null, on the default host. Eventually consistent; null only if
 * no such link exists.
 * @throws when DynamoDB does not answer within 1 s
 */
export async function readLink(domain: string | null, slug: string): Promise<Link | null> {
  const item = await read(partition.slug(domain, slug), sort.link);
  return item ? linkFromItem(item) : null;
}

const CACHE = 'public, max-age=3600';

/** Whether a request is for the icon of a custom domain. */
export function isFavicon(
  arrival: Arrival,
  { rawPath }: APIGatewayProxyEventV2,
): arrival is Arrival & { domain: string } {
  return arrival.domain !== null && rawPath === '/favicon.ico';
}

/** Redirects to the icon of a domain; 404 if its workspace has set none. */
export async function favicon(domain: string): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const item = await read(partition.domain(domain), sort.domain);
    if (!item?.favicon) return notFoundPage();
    return { statusCode: 302, headers: { location: item.favicon, 'cache-control': CACHE } };
  } catch (error) {
    logger.error('A domain could not be read.', { error: error as Error });
    count('LinkReadFailed');
    return unavailablePage();
  }
}
