import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { CLICK_MESSAGE_VERSION, type ClickMessage, type ClickPayload } from '../clicks/click.ts';
import { count, logger } from '../telemetry.ts';

function isPayload(value: unknown): value is ClickPayload {
  return typeof value === 'object' && value !== null && (value as { event?: unknown }).event === 'click';
}

/**
 * Checks a click from the queue. The payload was finished before it was queued and is passed on by reference, so
 * webhooks receive its fields in the order in which the redirect wrote them.
 */
export const clickMessageSchema: z.ZodType<ClickMessage> = z.object({
  version: z.literal(CLICK_MESSAGE_VERSION),
  click_id: z.uuid(),
  link_id: z.int().positive(),
  workspace_id: z.int().positive(),
  expiry_clicks: z.int().positive().nullable().default(null),
  counted: z.boolean().default(true),
  payload: z.custom<ClickPayload>(isPayload, 'payload must be a click event'),
});

/** The click of a message; null when it is malformed or has an unknown version. */
export function parseClick(record: SQSRecord | null): ClickMessage | null {
  try {
    return clickMessageSchema.parse(JSON.parse(record?.body ?? ''));
  } catch {
    logger.error('A message is not a click. It is dropped.', { message_id: record?.messageId });
    count('MessageMalformed');
    return null;
  }
}
