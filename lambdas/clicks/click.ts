import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ENV, requiredEnv } from '../env.ts';
import { type Link, PAYLOAD_FIELDS, type PayloadField } from '../links/link.ts';
import type { ClickIdentity } from './identity.ts';

// The redirect loads this file at every cold start, so it must stay small.

/** The version of the message between redirect and deliver. Deliver drops versions that it does not know. */
export const CLICK_MESSAGE_VERSION = 2;

/** The link as it appears in a webhook's payload. */
export type ClickedLink = Pick<Link, 'id' | 'workspace_id' | PayloadField> & {
  full_url: string;
  destination: string;
};

/** The names that follow a field of the link in the documented payload. */
const FOLLOWING: Partial<Record<PayloadField, (keyof ClickedLink)[]>> = {
  url: ['full_url'],
  slug: ['destination', 'workspace_id'],
};
/** All names of the link in the payload, in the documented order. */
const CLICKED_NAMES = Object.fromEntries(
  ['id', ...PAYLOAD_FIELDS.flatMap((name) => [name, ...(FOLLOWING[name] ?? [])])].map((name) => [name, null]),
);

/** The query parameters of a click. A name that repeats has a list of all its values, in order. */
export type ClickParams = Record<string, string | string[]>;

/** What is known about the visitor, and the destination. Never contains an IP address. */
export type ClickDetails = {
  /** A ULID, the same in all copies of a click. */
  id: string;
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

/** The body of every delivery. `timestamp` is UTC, ISO 8601, with microseconds. */
export type ClickPayload = {
  event: 'click';
  timestamp: string;
  link: ClickedLink;
  click: ClickDetails;
};

/** The link as it appears in a payload for a click to `destination`, in the documented order. */
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

/** One click on the queue: the finished payload and what deliver needs in addition. Deliver checks each message. */
export type ClickMessage = {
  version: typeof CLICK_MESSAGE_VERSION;
  /** 0 for a sample click of a workspace, which is on no link. The ids of links start at 1. */
  link_id: number;
  workspace_id: number;
  /** The click limit of the link, which is not in the payload. */
  expiry_clicks: number | null;
  /** False for a sample click, which is delivered but not counted. */
  counted: boolean;
  /** The rule of the link that chose the destination, counted from 1. */
  rule: number | null;
  payload: ClickPayload;
};

/** The payload of a sample click: a made-up click on a real link. */
export function samplePayload(link: ClickedLink, { id, timestamp }: ClickIdentity): ClickPayload {
  return {
    event: 'click',
    timestamp,
    link,
    click: {
      id,
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
 * A click as the text of an SQS message. SQS accepts only the characters that XML allows. JSON escapes control
 * characters and lone surrogates, but not the two non-characters U+FFFE and U+FFFF.
 */
export function messageBody(click: ClickMessage): string {
  return JSON.stringify(click).replace(/[\ufffe\uffff]/g, (one) =>
    one === '\uffff' ? '\\uffff' : '\\ufffe',
  );
}

/**
 * Puts a click on the queue. This is the only way to it, for visitors' clicks and for sample clicks.
 * @throws the client's error when the queue does not accept the click, or when the signal aborts
 */
export async function sendClick(
  sqs: SQSClient,
  click: ClickMessage,
  abortSignal: AbortSignal,
): Promise<void> {
  const message = new SendMessageCommand({
    QueueUrl: requiredEnv(ENV.clicksQueueUrl),
    MessageBody: messageBody(click),
    // On a standard queue, a message group is a tenant of the fair queue. It does not set an order.
    MessageGroupId: String(click.workspace_id),
  });
  await sqs.send(message, { abortSignal });
}
