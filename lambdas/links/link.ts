import { partition, sort } from '../table.ts';

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
  /** Whether destinations do not learn where visitors come from. */
  hide_referrer: boolean;
  /** HTML of the owner's for the head and the body of the page on the way. */
  head_tags: string | null;
  body_tags: string | null;
  fb_pixel_id: string | null;
  ga4_tag_id: string | null;
  gtm_id: string | null;
  /** See password-hash.ts; the password itself is not kept. */
  password_hash: string | null;
  rules: Rule[];
  /** UTC, ISO 8601. */
  expiry_datetime: string | null;
  /** Recorded clicks of people, not of bots, after which the link expires; null is no limit. */
  expiry_clicks: number | null;
  expiry_destination: string | null;
  /** Whether `expiry_clicks` has been reached: set by deliver, unset when the limit changes. */
  exhausted: boolean;
  /** When DynamoDB removes a link that is in the trash: seconds since 1970; null for one in use. */
  purge_at: number | null;
  inserted_at: string;
  updated_at: string;
};

/** Most bytes of a link as JSON: a DynamoDB read of 64 KB is 8 units, and an SQS message holds it with room. */
export const MAX_LINK_BYTES = 64 * 1024;

/** The address of a link. `baseUrl` is the default host's origin; custom domains share its scheme and port. */
export function fullUrl(link: Pick<Link, 'domain' | 'slug'>, baseUrl: string): string {
  const url = new URL(encodeURI(link.slug), baseUrl);
  if (link.domain !== null) url.hostname = link.domain;
  return url.href;
}

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
  hide_referrer: false,
  head_tags: null,
  body_tags: null,
  fb_pixel_id: null,
  ga4_tag_id: null,
  gtm_id: null,
  password_hash: null,
  rules: [],
  expiry_datetime: null,
  expiry_clicks: null,
  expiry_destination: null,
  exhausted: false,
  purge_at: null,
} satisfies Partial<Link>;

/** A new link with everything that was not sent at its default. */
export function newLink(
  identity: Pick<Link, 'id' | 'workspace_id' | 'slug'> & { url: string },
  fields: Partial<Link>,
  now: string,
): Link {
  const { id, workspace_id, slug, url } = identity;
  return {
    id,
    workspace_id,
    version: 1,
    ...DEFAULTS,
    ...fields,
    slug,
    url,
    inserted_at: now,
    updated_at: now,
  };
}

/** Stands for a password in answers. Sent back it changes nothing, so that a link that was read can be saved. */
export const PASSWORD_MASK = '********';

/** What the API answers of a link, in its order: items come out of the table in any. */
const PUBLIC_FIELDS = [
  'id',
  'workspace_id',
  'name',
  'url',
  'domain',
  'slug',
  'note',
  'enabled',
  'deleted',
  'cloaking',
  'forward_params',
  'hide_referrer',
  'block_bots',
  'skip_social_crawler_tracking',
  'public_analytics',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'og_title',
  'og_description',
  'og_image',
  'head_tags',
  'body_tags',
  'fb_pixel_id',
  'ga4_tag_id',
  'gtm_id',
  'rules',
  'expiry_datetime',
  'expiry_clicks',
  'expiry_destination',
  'inserted_at',
  'updated_at',
] as const satisfies (keyof Link)[];

/** A link as the API answers it. */
export type PublicLink = Pick<Link, (typeof PUBLIC_FIELDS)[number]> & {
  full_url: string;
  password: typeof PASSWORD_MASK | null;
};

/** The link as the API answers it. */
export function publicLink(link: Link, baseUrl: string): PublicLink {
  const fields = Object.fromEntries(PUBLIC_FIELDS.map((name) => [name, link[name]])) as PublicLink;
  const password = link.password_hash === null ? null : PASSWORD_MASK;
  return { ...fields, full_url: fullUrl(link, baseUrl), password };
}

const ID_DIGITS = 16;

/** The partition of the index that a link is in: its workspace's links in use and in the trash are apart. */
export function indexPartition({ workspace_id, deleted }: Pick<Link, 'workspace_id' | 'deleted'>): string {
  return partition.workspace(workspace_id) + (deleted ? '#TRASH' : '');
}

/** An id as the index sorts it: by text, like the number. */
export function indexSort(id: number): string {
  return String(id).padStart(ID_DIGITS, '0');
}

/** The table item of a link. */
export function linkItem(link: Link) {
  return {
    ...link,
    pk: partition.slug(link.domain, link.slug),
    sk: sort.link,
    gsi1pk: indexPartition(link),
    gsi1sk: indexSort(link.id),
  };
}

/** The link in a table item; what an item of an older version lacks is at its default. */
export function linkFromItem(item: Record<string, unknown>): Link {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, ...link } = item;
  return { ...DEFAULTS, ...(link as Link) };
}
