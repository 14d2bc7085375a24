import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { partition, sort } from './table.ts';

/** A redirect rule, as stored and answered. `percentage` is there for rotators only. */
export type Rule = { what: string; matches: string | null; url: string; percentage?: number };

/** A link, as stored. `version` counts its writes and guards each of them. */
export type Link = {
  id: number;
  workspace_id: number;
  version: number;
  domain: string | null;
  slug: string;
  url: string;
  name: string | null;
  note: string | null;
  enabled: boolean;
  deleted: boolean;
  cloaking: boolean;
  forward_params: boolean;
  block_bots: boolean;
  /** Whether crawlers of social networks see the link without being recorded. */
  skip_social_crawler_tracking: boolean;
  public_analytics: boolean;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  utm_term: string | null;
  utm_content: string | null;
  og_title: string | null;
  og_description: string | null;
  og_image: string | null;
  rules: Rule[];
  /** UTC, ISO 8601. */
  expiry_datetime: string | null;
  /** Recorded clicks after which the link expires; null is no limit. */
  expiry_clicks: number | null;
  expiry_destination: string | null;
  /** Whether `expiry_clicks` has been reached: set by deliver, unset when the limit changes. */
  exhausted: boolean;
  inserted_at: string;
  updated_at: string;
};

/** Most bytes of a link as JSON: a DynamoDB read of 64 KB is 8 units, and an SQS message holds it with room. */
export const MAX_LINK_BYTES = 64 * 1024;

const RESERVED_SEGMENTS = new Set([
  'api',
  'app',
  'docs',
  'inbox',
  'robots.txt',
  'favicon.ico',
  '.well-known',
]);

/** Whether a path belongs to the service itself and can never be a slug. */
export function isReservedPath(path: string): boolean {
  return RESERVED_SEGMENTS.has(path.split('/', 2)[1] ?? '');
}

// No 0/o, 1/l/i: people read slugs aloud and copy them from print.
const SLUG_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const AUTO_SLUG_LENGTH = 7;

/** A random slug of 7 characters without look-alikes: 31^7, about 27 billion. */
export function randomSlug(): string {
  return `/${Array.from({ length: AUTO_SLUG_LENGTH }, () => SLUG_ALPHABET[randomInt(SLUG_ALPHABET.length)]).join('')}`;
}

/** The address of a link: `baseUrl` is the default host's origin. */
export function fullUrl(link: Pick<Link, 'domain' | 'slug'>, baseUrl: string): string {
  const origin = link.domain === null ? baseUrl : `https://${link.domain}`;
  return origin + encodeURI(link.slug);
}

const httpUrl = z
  .string('must be a text: the address that the link leads to')
  .trim()
  .max(4_096, 'must be at most 4,096 characters long')
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href;
    context.addIssue('must be a full address that starts with https:// or http://');
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
    );

const TRUE = new Set<unknown>([true, 'true', '1', 1]);
const FALSE = new Set<unknown>([false, 'false', '0', 0]);
const flag = z.unknown().transform((value, context) => {
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  context.addIssue('must be true or false');
  return z.NEVER;
});

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

/** A limit of clicks; 0, blank and null stand for none. */
const clickLimit = z
  .union(
    [z.literal(''), z.null(), z.coerce.number().int().min(0).max(1e9)],
    'must be a whole number from 0 on',
  )
  .transform((value) => value || null);

const optionalUrl = z.union([z.literal(''), z.null(), httpUrl]).transform((value) => value || null);

const WHATS = ['country', 'platform', 'device', 'rotator', 'browser', 'language', 'bot'];
const percentage = z.coerce.number().int().min(0).max(100);
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
  domain: text(253).optional(),
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
  rules: z.array(rule, 'must be a list of rules').max(100, 'may hold at most 100 rules').optional(),
});

export type LinkFields = z.infer<typeof linkFieldsSchema>;

const DEFAULTS = {
  domain: null,
  name: null,
  note: null,
  enabled: true,
  deleted: false,
  cloaking: false,
  forward_params: false,
  block_bots: false,
  skip_social_crawler_tracking: false,
  public_analytics: false,
  utm_source: null,
  utm_medium: null,
  utm_campaign: null,
  utm_term: null,
  utm_content: null,
  og_title: null,
  og_description: null,
  og_image: null,
  rules: [],
  expiry_datetime: null,
  expiry_clicks: null,
  expiry_destination: null,
  exhausted: false,
} satisfies Partial<Link>;

/** A new link with everything that was not sent at its default. */
export function newLink(
  identity: Pick<Link, 'id' | 'workspace_id' | 'slug'> & { url: string },
  fields: Partial<Link>,
  now: string,
): Link {
  return { version: 1, ...DEFAULTS, ...fields, ...identity, inserted_at: now, updated_at: now };
}

/** The link as the API answers it. */
export function publicLink({ version: _version, exhausted: _exhausted, ...link }: Link, baseUrl: string) {
  return { ...link, full_url: fullUrl(link, baseUrl) };
}

/** Sorts like the number: the index orders by text. */
const ID_DIGITS = 16;

/** The table item of a link. */
export function linkItem(link: Link) {
  return {
    ...link,
    pk: partition.slug(link.domain, link.slug),
    sk: sort.link,
    gsi1pk: partition.workspace(link.workspace_id),
    gsi1sk: String(link.id).padStart(ID_DIGITS, '0'),
  };
}

/** The link in a table item; what an item of an older version lacks is at its default. */
export function linkFromItem(item: Record<string, unknown>): Link {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, ...link } = item;
  return { ...DEFAULTS, ...(link as Link) };
}
