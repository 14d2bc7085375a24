import * as z from 'zod';
import type { ClickCounts } from '../links/counts.ts';
import { PASSWORD_MASK, type PublicLink } from '../links/link.ts';
import type { SigningSecret } from '../signing-secrets/signing-secret.ts';
import type { Workspace } from '../workspaces/workspace.ts';

// What the API answers, for its document. Each is held to the type that the handlers answer with.

const time = z.iso.datetime().describe('UTC, ISO 8601');
const text = z.string().nullable();
const id = z.int().positive();

/** Whatever went wrong, in the one shape that all errors have. */
export const errorAnswer = z
  .object({
    error: z.string().describe('What to change, in one sentence'),
    code: z.string(),
    errors: z.record(z.string(), z.array(z.string())).optional().describe('Sentences by field'),
    message: z.string().optional().describe('With 429: the sentence, for error is a word then'),
    current_usage: z.int().optional().describe('With 429: calls of this key in this minute'),
    limit: z.int().optional().describe('With 429: calls that a key may make in a minute'),
    links: z
      .array(z.unknown())
      .optional()
      .describe('With partly_saved: each saved link at its place, or its error'),
    deleted: z.array(id).optional().describe('With partly_deleted: the links that are in the trash now'),
    not_found: z.array(id).optional().describe('With partly_deleted: ids of no link'),
    not_deleted: z.array(id).optional().describe('With partly_deleted: the ids to send again'),
  })
  .meta({ id: 'Error' });

const rule = z
  .object({ what: z.string(), matches: text, url: z.url(), percentage: z.int().exactOptional() })
  .meta({ id: 'Rule' });

/** A link. */
export const linkAnswer = z
  .object({
    id,
    workspace_id: id,
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
export const listAnswer = z
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

/** A webhook. */
export const hookAnswer = z
  .object({
    id: z.url().describe('The URL, as existing clients expect'),
    hook_id: z.string(),
    url: z.url(),
    created_at: time,
  })
  .meta({ id: 'Webhook' });

/** An API key as lists show it. */
export const keyAnswer = z
  .object({
    prefix: z.string().describe('The first characters of the key and of its hash'),
    created_at: time,
    current: z.boolean().describe('Whether it is the key of this call'),
  })
  .meta({ id: 'Key' });

/** An API key that was made just now. */
export const newKeyAnswer = z.object({ key: z.string(), prefix: z.string(), created_at: time });

/** A workspace's signing secret. */
export const signingSecretAnswer = z
  .object({
    secret: z.string(),
    created_at: time,
    previous: z.object({ secret: z.string(), valid_until: time }).nullable(),
  })
  .meta({ id: 'SigningSecret' }) satisfies z.ZodType<SigningSecret>;

/** A workspace as lists show it. */
export const workspaceAnswer = z.object({ id, name: z.string() }).meta({ id: 'Workspace' });

/** A custom domain. */
export const domainAnswer = z
  .object({ id, name: z.string(), host: z.string(), favicon: text, inserted_at: time })
  .meta({ id: 'Domain' });

/** What is answered with `deleted: true` beside what is gone. */
export const gone = { deleted: z.literal(true) };

/** A workspace with its settings. */
export const settingsAnswer = z
  .object({
    id,
    name: z.string(),
    inserted_at: time,
    excluded_ips: z.array(z.string()),
    skip_crawlers: z.boolean(),
    privacy: z.enum(['standard', 'strict']),
    webhooks: z.array(z.url()),
  })
  .meta({ id: 'WorkspaceSettings' }) satisfies z.ZodType<Workspace & { webhooks: string[] }>;

/** A sample click on its way. */
export const testClickAnswer = z.object({
  message: z.string(),
  click_id: z.uuid(),
  payload: z.record(z.string(), z.unknown()).describe('What webhooks get'),
});

/** What a successful answer holds; text is what has another type than JSON. */
export type Answer = { description: string; json?: z.ZodType; text?: string };

/** One call of the API. */
export type Operation = {
  tag: 'Links' | 'Webhooks' | 'Workspaces' | 'Domains';
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  answers: Record<number, Answer>;
};
