import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  CLICK_MESSAGE_VERSION,
  type ClickMessage,
  type ClickParams,
  clickedLink,
  sendClick,
} from '../clicks/click.ts';
import { newClickIdentity } from '../clicks/identity.ts';
import { ENV, requiredEnv } from '../env.ts';
import { withFreshSockets } from '../fresh-sockets.ts';
import { fullUrl, type Link } from '../links/link.ts';
import { count, logger } from '../telemetry.ts';
import { type Choice, parameters, queryOf } from './destination.ts';
import { isRecorded, settingsOf } from './settings.ts';
import { type Arrival, asksForPrivacy, type Visitor, withPrivacy } from './visitor.ts';

/** One visit of a link: the request, the link, and the visitor. */
export type Visit = { event: APIGatewayProxyEventV2; arrival: Arrival; link: Link; visitor: Visitor };

/**
 * Queues a click for the webhooks, unless it must not be recorded. A HEAD request never is. Never throws, so the
 * visitor always continues.
 */
export async function recordClick({ event, arrival, link, visitor }: Visit, choice: Choice): Promise<void> {
  if (event.requestContext.http.method === 'HEAD') return;
  try {
    const settings = await settingsOf(link.workspace_id);
    if (!isRecorded(link, visitor, arrival.address, settings)) return;
    const shown = settings.privacy === 'strict' || asksForPrivacy(event) ? withPrivacy(visitor) : visitor;
    await queueClick(clickMessage(event, link, shown, choice, requiredEnv(ENV.baseUrl)));
  } catch (error) {
    logger.error('A click was lost, because it could not be described.', {
      error: error as Error,
      link_id: link.id,
    });
    count('ClickLost');
  }
}

/** The query parameters of a click. A name that repeats has all its values, in order. */
export function clickParams(query: string): ClickParams {
  const values = Map.groupBy(parameters(query), ({ name }) => name);
  // fromEntries creates a property of any name, even of `__proto__`.
  return Object.fromEntries(
    [...values].map(([name, all]) => {
      const [first = '', ...more] = all.map(({ value }) => value);
      return [name, more.length > 0 ? [first, ...more] : first];
    }),
  );
}

/** The message of a click: the finished payload, and the ids that deliver needs. */
export function clickMessage(
  event: APIGatewayProxyEventV2,
  link: Link,
  visitor: Visitor,
  { destination, rule }: Choice,
  baseUrl: string,
): ClickMessage {
  const { id, timestamp } = newClickIdentity();
  return {
    version: CLICK_MESSAGE_VERSION,
    link_id: link.id,
    workspace_id: link.workspace_id,
    expiry_clicks: link.expiry_clicks,
    counted: true,
    rule,
    payload: {
      event: 'click',
      timestamp,
      link: clickedLink(link, fullUrl(link, baseUrl), destination),
      click: clickDetails(id, event, visitor, destination),
    },
  };
}

function clickDetails(
  id: string,
  event: APIGatewayProxyEventV2,
  visitor: Visitor,
  destination: string,
): ClickMessage['payload']['click'] {
  const { country, is_eu_country, platform, browser_name, referer, isp, bot_name } = visitor;
  return {
    id,
    country,
    is_eu_country,
    platform,
    browser_name,
    referer,
    isp,
    bot_name,
    destination,
    params: clickParams(queryOf(event)),
  };
}

/** A visitor never waits longer than this for the queue. */
const SEND_BUDGET_MS = 300;

/**
 * The queue answers within about 10 ms. A kept-alive socket that is silent for this long is dead, and a new one gets
 * the remaining time.
 */
const SILENCE_MS = 100;

// Lives as long as the function instance. A click that arrives twice is delivered once, so a second attempt is safe.
const sqs = withFreshSockets(new SQSClient({ maxAttempts: 2 }), { afterSilenceMs: SILENCE_MS });

/** Rejects when the signal aborts. The SDK aborts a request, but not the steps before it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Puts a click on the queue within 300 ms. A loss is logged and counted, never thrown. */
export async function queueClick(click: ClickMessage): Promise<void> {
  const abortSignal = AbortSignal.timeout(SEND_BUDGET_MS);
  try {
    await Promise.race([sendClick(sqs, click, abortSignal), aborted(abortSignal)]);
  } catch (error) {
    logger.error('A click was lost, because the queue did not accept it.', {
      error: error as Error,
      link_id: click.link_id,
    });
    count('ClickLost');
  }
}
