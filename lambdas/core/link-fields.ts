import * as z from 'zod';
import { domainName } from './domain.ts';
import { hookLines } from './hook-list.ts';
import type { Rule } from './link.ts';
import { isReservedPath } from './slug.ts';

/** So that it fits into a header with parameters added. It counts as it is sent: percent-encoded. */
const MAX_URL_LENGTH = 4_096;
const TOO_LONG = 'must be at most 4,096 characters long, percent-encoded';

const httpUrl = z
  .string('must be a text: the address that the link leads to')
  .trim()
  .max(MAX_URL_LENGTH, TOO_LONG)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (!isHttp) context.addIssue('must be a full address that starts with https:// or http://');
    else if (url.href.length > MAX_URL_LENGTH) context.addIssue(TOO_LONG);
    else return url.href;
    return z.NEVER;
  });

// Form bodies know only texts, and clients send blanks for "none".
const text = (maxLength: number) =>
  z
    .union([z.string(), z.null()], 'must be a text or null')
    .transform((value) => (value === null || value.trim() === '' ? null : value))
    .refine(
      (value) => value === null || value.length <= maxLength,
      `must be at most ${maxLength} characters long`,
    )
    .meta({ maxLength });

const TRUE = new Set<unknown>([true, 'true', '1', 1]);
const FALSE = new Set<unknown>([false, 'false', '0', 0]);
const flag = z
  .unknown()
  .transform((value, context) => {
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    context.addIssue('must be true or false');
    return z.NEVER;
  })
  .meta({ enum: [...TRUE, ...FALSE] });

// A segment holds no blanks, no control characters and nothing that a URL gives a meaning of its own.
const SLUG = /^(\/|(\/[^\s/?#%\\\p{C}]+)+)$/u;
const slug = z
  .union([z.string(), z.null()], 'must be a text that starts with /, such as /summer-sale')
  .transform((value) => (value === null || value.trim() === '' ? null : value.trim().normalize('NFC')))
  .transform((value) => (value === null || value.startsWith('/') ? value : `/${value}`))
  .superRefine((value, context) => {
    if (value === null) return;
    if (value.length > 255) context.addIssue('must be at most 255 characters long');
    if (!SLUG.test(value) || /\/\.{1,2}(\/|$)/.test(value)) {
      context.addIssue('may hold letters, digits, marks such as - _ . ~ and single slashes between parts');
    }
    if (isReservedPath(value)) context.addIssue(`${value} is used by the service itself: choose another`);
  });

const hasZone = (value: string) => /(z|[+-]\d\d:?\d\d)$/i.test(value);
const hasTime = (value: string) => /\d[t ]\d/i.test(value);

/** A moment as ISO 8601 in UTC, which is meant where no zone is given. */
const moment = text(64).transform((value, context) => {
  if (value === null) return null;
  const written = value.trim();
  const epochMs = Date.parse(hasTime(written) && !hasZone(written) ? `${written}Z` : written);
  if (/^\d{4}-\d\d-\d\d/.test(written) && !Number.isNaN(epochMs)) return new Date(epochMs).toISOString();
  context.addIssue('must be a date and time such as 2027-01-31T12:00:00Z');
  return z.NEVER;
});

/** A whole number from 0 on, which forms and some clients send as a text. */
const wholeNumber = (most: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(most)
    .meta({ type: ['integer', 'string'] });

/** A limit of clicks; 0, blank and null stand for none. */
const clickLimit = z
  .union([z.literal(''), z.null(), wholeNumber(1e9)], 'must be a whole number from 0 on')
  .transform((value) => value || null);

/** An address, or blank or null for none. */
export const optionalUrl = z
  .union(
    [z.literal(''), z.null(), httpUrl],
    'must be blank, or a full address that starts with https:// or http://, at most 4,096 characters long',
  )
  .transform((value) => value || null);

/** An id that becomes part of the page on the way: in capitals, and of its vendor's shape. */
const tagId = (shape: RegExp, sentence: string) =>
  text(64)
    .transform((value) => value?.trim().toUpperCase() ?? null)
    .refine((value) => value === null || shape.test(value), sentence);

const WHATS = ['country', 'platform', 'device', 'rotator', 'browser', 'language', 'bot'];
const percentage = wholeNumber(100);
const rule = z
  .object(
    {
      what: z.enum(WHATS, `must be one of ${WHATS.join(', ')}`),
      matches: text(1_024).optional(),
      url: httpUrl.optional(),
      rule_url: httpUrl.optional(),
      percentage: z
        .union([percentage, z.literal(''), z.null()], 'must be a whole number from 0 to 100')
        .optional(),
    },
    'must be an object with what, matches and url',
  )
  .transform((input, context): Rule => {
    const url = input.url ?? input.rule_url;
    if (url === undefined) {
      context.addIssue({ code: 'custom', message: 'must be given', path: ['url'] });
      return z.NEVER;
    }
    const known = { what: input.what, matches: input.matches ?? null, url };
    if (input.what !== 'rotator') return known;
    if (typeof input.percentage === 'number') return { ...known, percentage: input.percentage };
    context.addIssue({ code: 'custom', message: 'must be given for a rotator', path: ['percentage'] });
    return z.NEVER;
  });

/** The fields a client may set; those not sent stay as they are, or get their default. Others are ignored. */
export const linkFieldsSchema = z.object({
  url: httpUrl.optional(),
  name: text(255).optional(),
  note: text(4_096).optional(),
  expiry_datetime: moment.optional(),
  expiry_clicks: clickLimit.optional(),
  expiry_destination: optionalUrl.optional(),
  slug: slug.optional(),
  domain: domainName.nullable().optional(),
  enabled: flag.optional(),
  deleted: flag.optional(),
  cloaking: flag.optional(),
  forward_params: flag.optional(),
  block_bots: flag.optional(),
  skip_social_crawler_tracking: flag.optional(),
  public_analytics: flag.optional(),
  utm_source: text(1_024).optional(),
  utm_medium: text(1_024).optional(),
  utm_campaign: text(1_024).optional(),
  utm_term: text(1_024).optional(),
  utm_content: text(1_024).optional(),
  og_title: text(1_024).optional(),
  og_description: text(4_096).optional(),
  og_image: text(4_096).optional(),
  hide_referrer: flag.optional(),
  head_tags: text(20_000).optional(),
  body_tags: text(20_000).optional(),
  fb_pixel_id: tagId(/^\d{5,20}$/, 'must be the digits of a pixel, such as 123456789012345').optional(),
  ga4_tag_id: tagId(/^(G|GT|AW)-[A-Z0-9]{4,20}$/, 'must be a tag such as G-ABC1234567').optional(),
  gtm_id: tagId(/^GTM-[A-Z0-9]{4,20}$/, 'must be a container such as GTM-ABC1234').optional(),
  password: text(255).optional(),
  webhooks: hookLines.optional(),
  rules: z.array(rule, 'must be a list of rules').max(100, 'may hold at most 100 rules').optional(),
});

export type LinkFields = z.infer<typeof linkFieldsSchema>;
