import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { clientErrorAnswer } from '../api/answer.ts';
import { rejectDirectAccess } from '../edge.ts';
import { ENV, requiredEnv } from '../env.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { isReservedPath, isSlug, slugOfPath } from '../links/slug.ts';
import { hasPublicStatistics, statisticsPageAddress } from '../public-statistics/address.ts';
import { count, identifyLogs, logger } from '../telemetry.ts';
import { chooseDestination, isExpired, queryOf } from './destination.ts';
import { bundledGeoFolder, geoReader } from './geo.ts';
import {
  canCloak,
  cloakPage,
  expiredPage,
  hasPreview,
  methodNotAllowedPage,
  notFoundPage,
  previewPage,
  referrerHeaders,
  tagsPage,
  unavailablePage,
} from './pages.ts';
import { isForm, passwordChallenge, reopenWithGet } from './password.ts';
import { favicon, isFavicon, readLink } from './read.ts';
import { recordClick, type Visit } from './record.ts';
import { tagsOf } from './tags.ts';
import { arrivalOf, describeVisitor } from './visitor.ts';

type Answer = APIGatewayProxyStructuredResultV2;

const METHODS = new Set(['GET', 'HEAD', 'POST']);

// Lives as long as the function instance. Its files are read while the first link is read.
const locate = geoReader(bundledGeoFolder());

/** Redirects a visitor to the destination of a link, and queues the click for its webhooks. Never throws. */
export async function handler(event: APIGatewayProxyEventV2, context?: Context): Promise<Answer> {
  try {
    identifyLogs(context, event.requestContext.requestId);
    return await answerTo(event);
  } catch (error) {
    logger.error('A request could not be answered.', { error: error as Error });
    count('RequestFailed');
    return unavailablePage();
  }
}

async function answerTo(event: APIGatewayProxyEventV2): Promise<Answer> {
  const rejection = rejectDirectAccess(event.headers);
  if (rejection) return clientErrorAnswer(rejection);
  if (!METHODS.has(event.requestContext.http.method)) return methodNotAllowedPage();
  const arrival = arrivalOf(event);
  if (isFavicon(arrival, event)) return favicon(arrival.domain);
  const slug = slugOfPath(event.rawPath);
  if (!isSlug(slug) || isReservedPath(slug)) return notFoundPage();
  // Starts before the link is read, because it does not need the link.
  const visitor = describeVisitor(event, arrival, locate);
  let link: Link | null;
  try {
    link = await readLink(arrival.domain, slug);
    if (link === null) return await withoutLink(event, arrival.domain, slug);
  } catch (error) {
    logger.error('A link could not be read.', { error: error as Error });
    count('LinkReadFailed');
    return unavailablePage();
  }
  if (!link.enabled || link.deleted) return notFoundPage();
  if (isPrefetch(event)) return unavailablePage();
  return visit({ event, arrival, link, visitor: await visitor });
}

/**
 * The response at an address that no link has: 404, except where a link with public statistics has the address without
 * its `+`. Only such an address costs a second read.
 * @throws when DynamoDB does not answer in time
 */
async function withoutLink(
  event: APIGatewayProxyEventV2,
  domain: string | null,
  slug: string,
): Promise<Answer> {
  const shorter = slug.slice(0, -1);
  if (!slug.endsWith('+') || !isSlug(shorter) || isForm(event)) return notFoundPage();
  const link = await readLink(domain, shorter);
  if (link === null || !hasPublicStatistics(link)) return notFoundPage();
  return {
    statusCode: 302,
    headers: { location: statisticsPageAddress(shorter), 'cache-control': 'private, no-store' },
  };
}

/** Whether a browser prefetches the page in case someone clicks. After this response it asks again when they do. */
function isPrefetch({ headers }: APIGatewayProxyEventV2): boolean {
  return [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((value) =>
    /prefetch/i.test(value ?? ''),
  );
}

/** Opens a link as its owner has set it up: who may pass, where it redirects, and how. */
async function visit(visit: Visit): Promise<Answer> {
  const { event, link, visitor } = visit;
  if (link.block_bots && visitor.bot_name !== null) return notFoundPage();
  const expired = isExpired(link, event.requestContext.timeEpoch);
  if (isForm(event) && (expired || link.password_hash === null)) {
    return reopenWithGet(shortUrlOf(link), event);
  }
  if (expired) {
    if (link.expiry_destination === null) return expiredPage();
    await recordClick(visit, { destination: link.expiry_destination, rule: null });
    return redirect(visit, link.expiry_destination);
  }
  const challenge = await passwordChallenge(link, event);
  if (challenge !== null) return challenge;
  const choice = chooseDestination(link, visitor, queryOf(event));
  await recordClick(visit, choice);
  return respond(visit, choice.destination);
}

function shortUrlOf(link: Link): string {
  return fullUrl(link, requiredEnv(ENV.baseUrl));
}

/** Sends the visitor to the destination: with a page if the link needs one, else with a redirect. */
function respond(visit: Visit, destination: string): Answer {
  const { link, visitor } = visit;
  const shortUrl = shortUrlOf(link);
  // A link without its own preview lets crawlers read the preview of its destination.
  if (visitor.is_social_crawler)
    return hasPreview(link) ? previewPage(link, shortUrl, destination) : redirect(visit, destination);
  const tags = tagsOf(link);
  if (canCloak(link, shortUrl, destination)) return cloakPage(link, shortUrl, destination, tags);
  if (tags !== null) return tagsPage(link, shortUrl, destination, tags);
  return redirect(visit, destination);
}

function redirect({ event, link }: Visit, location: string): Answer {
  return {
    // After a form, only 303 makes every browser continue with GET.
    statusCode: isForm(event) ? 303 : 302,
    headers: { location, 'cache-control': 'private, no-store', ...referrerHeaders(link) },
  };
}
