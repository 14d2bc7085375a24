import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { CLICK_MESSAGE_VERSION, type ClickMessage, type ClickPayload } from '../clicks/click.ts';
import { ULID, ulidOf } from '../clicks/identity.ts';
import { count, logger } from '../telemetry.ts';

function isPayload(value: unknown): value is ClickPayload {
  const { event, timestamp, link, click } = (value ?? {}) as Partial<ClickPayload>;
  if (event !== 'click' || !link || !click?.params) return false;
  return !Number.isNaN(Date.parse(timestamp ?? '')) && ULID.test(click.id);
}

/**
 * Checks a click from the queue. The payload was finished before it was queued and is passed on by reference, so
 * webhooks receive its fields in the order in which the redirect wrote them.
 */
const clickMessageSchema: z.ZodType<ClickMessage> = z.object({
  version: z.literal(CLICK_MESSAGE_VERSION),
  link_id: z.int().nonnegative(),
  workspace_id: z.int().positive(),
  expiry_clicks: z.int().positive().nullable().default(null),
  counted: z.boolean().default(true),
  rule: z.int().positive().nullable().default(null),
  payload: z.custom<ClickPayload>(isPayload, 'payload must be a click event'),
});

/** What this version reads of a message of version 1. */
const firstVersionSchema = z.object({
  version: z.literal(1),
  click_id: z.uuid(),
  payload: z.object({ timestamp: z.string(), click: z.object({}) }),
});

/**
 * A message of version 1 as one of version 2. While a new version is deployed, the redirect of the old one still sends
 * clicks. Their ids are UUIDs; all copies of one get the same ULID.
 */
function current(message: any): unknown {
  const { data } = firstVersionSchema.safeParse(message);
  if (!data) return message;
  const bytes = Buffer.from(data.click_id.replaceAll('-', ''), 'hex').subarray(6);
  const id = ulidOf(Date.parse(data.payload.timestamp), bytes);
  // From the message itself, because a schema changes the order of its fields.
  const payload = { ...message.payload, click: { id, ...message.payload.click } };
  return { ...message, version: CLICK_MESSAGE_VERSION, payload };
}

/** The click of a message; null when it is malformed or has an unknown version. */
export function parseClick(record: SQSRecord | null): ClickMessage | null {
  try {
    return clickMessageSchema.parse(current(JSON.parse(record?.body ?? '')));
  } catch {
    logger.error('A message is not a click. It is dropped.', { message_id: record?.messageId });
    count('MessageMalformed');
    return null;
  }
}
