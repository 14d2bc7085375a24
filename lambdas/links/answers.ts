import * as z from 'zod';
import { answeredId, time } from '../api/endpoint.ts';
import type { ClickCounts } from './counts.ts';
import { PASSWORD_MASK, type PublicLink } from './link.ts';

const text = z.string().nullable();

const rule = z
  .object({ what: z.string(), matches: text, url: z.url(), percentage: z.int().exactOptional() })
  .meta({ id: 'Rule' });

/** A link. */
export const linkAnswer = z
  .object({
    id: answeredId,
    workspace_id: answeredId,
    name: text,
    url: z.url(),
    domain: text.describe('The custom domain; null is the default host'),
    slug: z.string(),
    note: text,
    enabled: z.boolean(),
    deleted: z.boolean().describe('Whether the link is in the trash'),
    cloaking: z.boolean(),
    forward_params: z.boolean(),
    hide_referrer: z.boolean(),
    block_bots: z.boolean(),
    skip_social_crawler_tracking: z.boolean(),
    public_analytics: z.boolean(),
    utm_source: text,
    utm_medium: text,
    utm_campaign: text,
    utm_term: text,
    utm_content: text,
    og_title: text,
    og_description: text,
    og_image: text,
    head_tags: text,
    body_tags: text,
    fb_pixel_id: text,
    ga4_tag_id: text,
    gtm_id: text,
    rules: z.array(rule),
    expiry_datetime: time.nullable(),
    expiry_clicks: z.int().nullable(),
    expiry_destination: text,
    inserted_at: time,
    updated_at: time,
    full_url: z.url(),
    password: z.literal(PASSWORD_MASK).nullable().describe('Stands for a password that is set'),
  })
  .meta({ id: 'Link' }) satisfies z.ZodType<PublicLink>;

const count = z.int().nonnegative();
const counts = z.object({
  clicks_total: count,
  clicks_today: count,
  clicks_thirty_days: count,
  human_clicks_total: count,
  human_clicks_today: count,
  human_clicks_thirty_days: count,
}) satisfies z.ZodType<ClickCounts>;

/** A link with the URLs of its webhooks. */
export const linkWithHooksAnswer = linkAnswer
  .extend({ webhooks: z.array(z.url()) })
  .meta({ id: 'LinkWithWebhooks' });

/** A link with its counts of clicks. */
export const countedLinkAnswer = linkAnswer.extend(counts.shape).meta({ id: 'CountedLink' });

/** A page of a list. */
export const linkListAnswer = z
  .object({
    links: z.array(countedLinkAnswer),
    page_number: count,
    page_size: count,
    total_entries: count,
    total_pages: count,
    total_rows: count,
    workspace_link_count: count,
  })
  .meta({ id: 'LinkList' });
