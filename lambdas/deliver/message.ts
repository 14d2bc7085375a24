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
  link_id: z.int().positive(),
  workspace_id: z.int().positive(),
  expiry_clicks: z.int().positive().nullable().default(null),
  counted: z.boolean().default(true),
  rule: z.int().positive().nullable().default(null),
  payload: z.custom<ClickPayload>(isPayload, 'payload must be a click event'),
});

const firstVersionSchema = z.looseObject({
  version: z.literal(1),
  click_id: z.uuid(),
  payload: z.looseObject({ timestamp: z.string(), click: z.looseObject({}) }),
});

/**
 * A message of version 1 as one of version 2. While a new version is deployed, the redirect of the old one still sends
 * clicks. Their ids are UUIDs; all copies of one get the same ULID.
 */
function current(message: unknown): unknown {
  const { data } = firstVersionSchema.safeParse(message);
  if (!data) return message;
  const { click_id, payload, ...rest } = data;
  const bytes = Buffer.from(click_id.replaceAll('-', ''), 'hex').subarray(6);
  const id = ulidOf(Date.parse(payload.timestamp), bytes);
  return {
    ...rest,
    version: CLICK_MESSAGE_VERSION,
    payload: { ...payload, click: { id, ...payload.click } },
  };
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
