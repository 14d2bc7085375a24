import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ENV, requiredEnv } from '../env.ts';
import { type Link, linkFromItem } from '../links/link.ts';
import { MAX_PARTITION_KEY_BYTES, partition, sort, tableClient } from '../table.ts';

/** The whole budget of the redirect's one read, a quick second try included. */
const READ_BUDGET_MS = 1_000;
const READ_ATTEMPT_MS = 600;
/** A read takes a few milliseconds. A kept-alive socket that is silent for so long is dead. */
const SILENCE_MS = 200;

/** The redirect's table client. It lives as long as the function instance, so that its connection is warm. */
export const table = tableClient({
  attempts: 2,
  attemptTimeoutMs: READ_ATTEMPT_MS,
  afterSilenceMs: SILENCE_MS,
});

/**
 * The link at a slug of a custom domain or, without one, of the default host. Eventually consistent; null only when
 * there truly is none.
 * @throws when DynamoDB does not answer within 1 s
 */
export async function readLink(domain: string | null, slug: string): Promise<Link | null> {
  const pk = partition.slug(domain, slug);
  if (Buffer.byteLength(pk) > MAX_PARTITION_KEY_BYTES) return null;
  const { Item } = await table.send(
    new GetCommand({
      TableName: requiredEnv(ENV.tableName),
      Key: { pk, sk: sort.link },
    }),
    { abortSignal: AbortSignal.timeout(READ_BUDGET_MS) },
  );
  return Item ? linkFromItem(Item) : null;
}
