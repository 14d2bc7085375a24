import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ENV, requiredEnv } from '../env.ts';
import { type Link, PAYLOAD_FIELDS, type PayloadField } from '../links/link.ts';

// The redirect loads this file at each cold start: nothing heavy may enter it.

/** Version of the message between redirect and deliver. Deliver drops versions that it does not know. */
export const CLICK_MESSAGE_VERSION = 1;

/** The link as webhooks see it. */
export type ClickedLink = Pick<Link, 'id' | 'workspace_id' | PayloadField> & {
  full_url: string;
  destination: string;
};

/** What stands behind a field of the link in the documented payload. */
const FOLLOWING: Partial<Record<PayloadField, (keyof ClickedLink)[]>> = {
  url: ['full_url'],
  slug: ['destination', 'workspace_id'],
};
/** Every name of the link in the payload, in the documented order. */
const CLICKED_NAMES = Object.fromEntries(
  ['id', ...PAYLOAD_FIELDS.flatMap((name) => [name, ...(FOLLOWING[name] ?? [])])].map((name) => [name, null]),
);

/** Query parameters of a click. A name that repeats holds all its values, in order. */
export type ClickParams = Record<string, string | string[]>;

/** What is known about the visitor, and where they went. Never an IP address. */
export type ClickDetails = {
  country: string | null;
  is_eu_country: boolean | null;
  platform: string | null;
  browser_name: string | null;
  referer: string | null;
  isp: string | null;
  bot_name: string | null;
  destination: string;
  params: ClickParams;
};

/** The body of every webhook POST. `timestamp` is UTC, ISO 8601, whole seconds. */
export type ClickPayload = {
  event: 'click';
  timestamp: string;
  link: ClickedLink;
  click: ClickDetails;
};

/** UTC with whole seconds, as in the documented payload. */
export function clickTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The webhook's view of a link on the way to `destination`, in the order of the documented payload. */
export function clickedLink(
  link: Omit<ClickedLink, 'full_url' | 'destination'>,
  fullUrl: string,
  destination: string,
): ClickedLink {
  const { id, workspace_id } = link;
  const clicked: Record<string, unknown> = {
    ...CLICKED_NAMES,
    id,
    full_url: fullUrl,
    destination,
    workspace_id,
  };
  for (const name of PAYLOAD_FIELDS) clicked[name] = link[name];
  return clicked as ClickedLink;
}

/** One click on the queue: a finished payload, and what deliver needs to know in addition. Deliver checks each one. */
export type ClickMessage = {
  version: typeof CLICK_MESSAGE_VERSION;
  /** A UUID. All copies of one click share it. */
  click_id: string;
  link_id: number;
  workspace_id: number;
  /** The link's limit of clicks, which is not in the payload. */
  expiry_clicks: number | null;
  /** False for a sample click, which is delivered but not counted. */
  counted: boolean;
  payload: ClickPayload;
};

/** What a webhook would get if somebody clicked now: a click that nobody made, on a real link. */
export function samplePayload(link: ClickedLink, nowEpochMs: number): ClickPayload {
  return {
    event: 'click',
    timestamp: clickTimestamp(nowEpochMs),
    link,
    click: {
      country: 'US',
      is_eu_country: false,
      platform: 'desktop',
      browser_name: 'Chrome',
      referer: 'https://example.com/',
      isp: 'Example ISP',
      bot_name: null,
      destination: link.destination,
      params: { clickhook_test: 'true' },
    },
  };
}

/**
 * A click as the text of a message. SQS takes the characters that XML allows. JSON escapes control characters and
 * lone surrogates by itself, but not the two non-characters U+FFFE and U+FFFF.
 */
export function messageBody(click: ClickMessage): string {
  return JSON.stringify(click).replace(/[\ufffe\uffff]/g, (one) =>
    one === '\uffff' ? '\\uffff' : '\\ufffe',
  );
}

/**
 * Puts a click on the queue. Clicks of visitors and sample clicks have no other way there.
 * @throws what the client throws when the queue does not take it, or when the signal aborts
 */
export async function sendClick(
  sqs: SQSClient,
  click: ClickMessage,
  abortSignal: AbortSignal,
): Promise<void> {
  const message = new SendMessageCommand({
    QueueUrl: requiredEnv(ENV.clicksQueueUrl),
    MessageBody: messageBody(click),
    // A group on a standard queue is a tenant of its fair queue, not an order.
    MessageGroupId: String(click.workspace_id),
  });
  await sqs.send(message, { abortSignal });
}
