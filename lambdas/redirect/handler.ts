import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ENV, requiredEnv } from '../core/env.ts';
import { isReservedPath, type Link } from '../core/link.ts';
import { count, logger } from '../core/telemetry.ts';
import { clickMessage } from './click-event.ts';
import { chooseDestination, isExpired } from './destination.ts';
import { bundledGeoFolder, geoReader } from './geo.ts';
import { expiredPage, methodNotAllowedPage, notFoundPage, unavailablePage } from './pages.ts';
import { queueClick } from './queue-click.ts';
import { readLink } from './read-link.ts';
import { isRecorded } from './recording.ts';
import { asksForPrivacy, describeVisitor, type Visitor, withPrivacy } from './visitor.ts';
import { settingsOf } from './workspace-settings.ts';

const MAX_PATH_BYTES = 2_048;

// Lives as long as the function instance; its files are read beside the first link.
const locate = geoReader(bundledGeoFolder());

/** Sends a visitor to a link's destination, and the click on its way to the webhooks. Never throws. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { method, sourceIp } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowedPage();
  if (Buffer.byteLength(event.rawPath) > MAX_PATH_BYTES || isReservedPath(event.rawPath))
    return notFoundPage();
  const location = locate(sourceIp);
  let link: Link | null;
  try {
    link = await readLink(event.rawPath.normalize('NFC'));
  } catch (error) {
    logger.error('A link could not be read', { error: error as Error });
    count('LinkReadFailed');
    return unavailablePage();
  }
  if (!link?.enabled || link.deleted) return notFoundPage();
  if (isPrefetch(event)) return unavailablePage();
  const visitor = describeVisitor(event, await location);
  if (link.block_bots && visitor.bot_name !== null) return notFoundPage();
  const destination = destinationOf(link, visitor, event);
  if (destination === null) return expiredPage();
  if (method === 'GET') await record(event, link, visitor, destination);
  return { statusCode: 302, headers: { location: destination, 'cache-control': 'private, no-store' } };
}

/** A browser that only guesses that somebody will click: answered so that it asks again when they do. */
function isPrefetch({ headers }: APIGatewayProxyEventV2): boolean {
  return [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((value) =>
    /prefetch/i.test(value ?? ''),
  );
}

/** Where the click goes; null when the link has expired and leads nowhere else. */
function destinationOf(link: Link, visitor: Visitor, event: APIGatewayProxyEventV2): string | null {
  if (isExpired(link, event.requestContext.timeEpoch)) return link.expiry_destination;
  return chooseDestination(link, visitor, event.rawQueryString);
}

/** Whatever is wrong with describing or queueing a click, its visitor goes on. */
async function record(
  event: APIGatewayProxyEventV2,
  link: Link,
  visitor: Visitor,
  destination: string,
): Promise<void> {
  try {
    const { settings, refreshed } = await settingsOf(link.workspace_id);
    const told = settings.privacy === 'strict' || asksForPrivacy(event) ? withPrivacy(visitor) : visitor;
    const recorded = isRecorded(link, visitor, event.requestContext.http.sourceIp, settings)
      ? queueClick(clickMessage(event, link, told, destination, requiredEnv(ENV.baseUrl)))
      : undefined;
    await Promise.all([recorded, refreshed]);
  } catch (error) {
    logger.error('A click was lost: it could not be described', { error: error as Error, link_id: link.id });
    count('ClickLost');
  }
}
