import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV, requiredEnv } from '../core/env.ts';
import { isReservedPath, type Link } from '../core/link.ts';
import { count, logger } from '../core/telemetry.ts';
import { clickMessage } from './click-event.ts';
import { methodNotAllowedPage, notFoundPage, unavailablePage } from './pages.ts';
import { queueClick } from './queue-click.ts';
import { readLink } from './read-link.ts';

const MAX_PATH_BYTES = 2_048;

/** Sends a visitor to a link's destination, and the click on its way to the webhooks. Never throws. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowedPage();
  if (Buffer.byteLength(event.rawPath) > MAX_PATH_BYTES || isReservedPath(event.rawPath))
    return notFoundPage();
  let link: Link | null;
  try {
    link = await readLink(event.rawPath.normalize('NFC'));
  } catch (error) {
    logger.error('A link could not be read', { error: error as Error });
    count('LinkReadFailed');
    return unavailablePage();
  }
  if (!link?.enabled || link.deleted) return notFoundPage();
  const destination = link.url;
  if (method === 'GET') await record(event, link, destination);
  return { statusCode: 302, headers: { location: destination, 'cache-control': 'private, no-store' } };
}

/** Whatever is wrong with describing or queueing a click, its visitor goes on. */
async function record(event: APIGatewayProxyEventV2, link: Link, destination: string): Promise<void> {
  try {
    await queueClick(clickMessage(event, link, destination, requiredEnv(ENV.baseUrl)));
  } catch (error) {
    logger.error('A click was lost: it could not be described', { error: error as Error, link_id: link.id });
    count('ClickLost');
  }
}
