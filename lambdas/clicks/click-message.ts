import * as z from 'zod';
import { CLICK_MESSAGE_VERSION, type ClickPayload } from './click.ts';

function isPayload(value: unknown): value is ClickPayload {
  return typeof value === 'object' && value !== null && (value as { event?: unknown }).event === 'click';
}

/**
 * One click on the queue. The payload is finished when it is queued and passes through by
 * reference, so that webhooks get the names in the order in which redirect wrote them.
 */
export const clickMessageSchema = z.object({
  version: z.literal(CLICK_MESSAGE_VERSION),
  click_id: z.uuid(),
  link_id: z.int().positive(),
  workspace_id: z.int().positive(),
  /** The link's limit of clicks, which is no part of the payload. */
  expiry_clicks: z.int().positive().nullable().default(null),
  /** False for a click that somebody only tries webhooks with. */
  counted: z.boolean().default(true),
  payload: z.custom<ClickPayload>(isPayload, 'payload must be a click event'),
});

export type ClickMessage = z.infer<typeof clickMessageSchema>;
