import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV, requiredEnv } from '../env.ts';
import { MAX_PARTITION_KEY_BYTES, partition, sort } from '../table.ts';
import { count, logger } from '../telemetry.ts';
import type { Arrival } from './arrival.ts';
import { table } from './read-link.ts';
import { notFoundPage, unavailablePage } from './status-pages.ts';

const READ_BUDGET_MS = 1_000;
const CACHE = 'public, max-age=3600';

/** Whether a request is for the icon of a custom domain. */
export function isFavicon(
  arrival: Arrival,
  { rawPath }: APIGatewayProxyEventV2,
): arrival is Arrival & { domain: string } {
  return arrival.domain !== null && rawPath === '/favicon.ico';
}

/** The way to a domain's icon; 404 when its workspace has set none. */
export async function favicon(domain: string): Promise<APIGatewayProxyStructuredResultV2> {
  const pk = partition.domain(domain);
  if (Buffer.byteLength(pk) > MAX_PARTITION_KEY_BYTES) return notFoundPage();
  try {
    const { Item } = await table.send(
      new GetCommand({
        TableName: requiredEnv(ENV.tableName),
        Key: { pk, sk: sort.domain },
      }),
      { abortSignal: AbortSignal.timeout(READ_BUDGET_MS) },
    );
    if (!Item?.favicon) return notFoundPage();
    return { statusCode: 302, headers: { location: Item.favicon, 'cache-control': CACHE } };
  } catch (error) {
    logger.error('A domain could not be read', { error: error as Error });
    count('LinkReadFailed');
    return unavailablePage();
  }
}
