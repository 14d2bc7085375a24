// The schema of a link. Whatever knows the fields of a link derives from LINK_FIELDS: the type and the defaults here,
// the input and the answer of the API in fields.ts, the payload in ../clicks/click.ts, the columns of imports, and the
// form of the dashboard. To add a field, add an entry here, and what the field does. The redirect and the dashboard load
// this file, so it imports nothing.

/** A redirect rule, as stored and answered. Only rotators have a `percentage`. */
export type Rule = { what: string; matches: string | null; url: string; percentage?: number };

/** Kinds of fields, with the type of their values. */
type Values = {
  url: string;
  slug: string;
  line: string | null;
  text: string | null;
  domain: string | null;
  optionalUrl: string | null;
  /** The id of a tag, which becomes part of a page: in capitals, and of its vendor's shape. */
  tagId: string | null;
  /** UTC, ISO 8601. */
  moment: string | null;
  clickLimit: number | null;
  flag: boolean;
  rules: Rule[];
};

type Kind = keyof Values;

/** What a link has where nothing was sent. Every link has a URL and a slug. */
const EMPTY = {
  line: null,
  text: null,
  domain: null,
  optionalUrl: null,
  tagId: null,
  moment: null,
  clickLimit: null,
  flag: false,
  rules: [],
} satisfies { [K in Exclude<Kind, 'url' | 'slug'>]: Values[K] };

/** A field that clients set. */
export type Field = (
  | { kind: Exclude<Kind, 'line' | 'text' | 'tagId'> }
  /** Most characters. */
  | { kind: 'line' | 'text'; max: number }
  /** What an id looks like, and the sentence for one that does not. */
  | { kind: 'tagId'; shape: RegExp; sentence: string }
) & {
  /** What a new link has, where that is not what is empty for the kind. */
  default?: true;
  /** Whether webhooks get it. */
  payload?: true;
};

const UTM = { kind: 'line', max: 1_024, payload: true } as const;

/** The fields of a link, in the order of the API's answers and of the payload. */
export const LINK_FIELDS = {
  name: { kind: 'line', max: 255, payload: true },
  url: { kind: 'url', payload: true },
  domain: { kind: 'domain', payload: true },
  slug: { kind: 'slug', payload: true },
  note: { kind: 'text', max: 4_096 },
  enabled: { kind: 'flag', default: true, payload: true },
  deleted: { kind: 'flag' },
  cloaking: { kind: 'flag', payload: true },
  forward_params: { kind: 'flag', payload: true },
  hide_referrer: { kind: 'flag' },
  block_bots: { kind: 'flag', payload: true },
  skip_social_crawler_tracking: { kind: 'flag' },
  public_analytics: { kind: 'flag', payload: true },
  utm_source: UTM,
  utm_medium: UTM,
  utm_campaign: UTM,
  utm_term: UTM,
  utm_content: UTM,
  og_title: { kind: 'line', max: 1_024, payload: true },
  og_description: { kind: 'text', max: 4_096, payload: true },
  og_image: { kind: 'optionalUrl', payload: true },
  head_tags: { kind: 'text', max: 20_000 },
  body_tags: { kind: 'text', max: 20_000 },
  fb_pixel_id: {
    kind: 'tagId',
    shape: /^\d{5,20}$/,
    sentence: 'must be the digits of a pixel, such as 123456789012345',
  },
  ga4_tag_id: {
    kind: 'tagId',
    shape: /^(G|GT|AW)-[A-Z0-9]{4,20}$/,
    sentence: 'must be a tag such as G-ABC1234567',
  },
  gtm_id: {
    kind: 'tagId',
    shape: /^GTM-[A-Z0-9]{4,20}$/,
    sentence: 'must be a container such as GTM-ABC1234',
  },
  rules: { kind: 'rules', payload: true },
  expiry_datetime: { kind: 'moment' },
  expiry_clicks: { kind: 'clickLimit' },
  expiry_destination: { kind: 'optionalUrl' },
} as const satisfies Record<string, Field>;

type Fields = typeof LINK_FIELDS;

/** Name of a field that clients set. */
export type FieldName = keyof Fields;
export const FIELD_NAMES = Object.keys(LINK_FIELDS) as FieldName[];

/** Fields of a certain kind. */
export type FieldsOf<K extends Kind> = {
  [N in FieldName]: Fields[N]['kind'] extends K ? N : never;
}[FieldName];

/** Fields that webhooks get, in the order of the payload. */
export type PayloadField = { [N in FieldName]: Fields[N] extends { payload: true } ? N : never }[FieldName];
export const PAYLOAD_FIELDS = FIELD_NAMES.filter((name) => 'payload' in LINK_FIELDS[name]) as PayloadField[];

/** A link, as stored. */
export type Link = { [N in FieldName]: Values[Fields[N]['kind']] } & {
  id: number;
  workspace_id: number;
  /** Counts the writes of the link, and guards each of them. */
  version: number;
  /** See password-hash.ts; the password itself is not stored. */
  password_hash: string | null;
  /** Whether `expiry_clicks` has been reached: set by deliver, unset when the limit changes. */
  exhausted: boolean;
  /** When DynamoDB removes a link that is in the trash: seconds since 1970; null for one in use. */
  purge_at: number | null;
  inserted_at: string;
  updated_at: string;
};

/** Most bytes of a link as JSON: a DynamoDB read of 64 KB is 8 units, and an SQS message holds it with room. */
export const MAX_LINK_BYTES = 64 * 1024;

/** Most links of one page of a list. */
export const MAX_PAGE_SIZE = 1_000;

/** The address of a link. `baseUrl` is the default host's origin; custom domains share its scheme and port. */
export function fullUrl(link: Pick<Link, 'domain' | 'slug'>, baseUrl: string): string {
  const url = new URL(encodeURI(link.slug), baseUrl);
  if (link.domain !== null) url.hostname = link.domain;
  return url.href;
}

type Identity = Pick<Link, 'id' | 'workspace_id' | 'slug' | 'url'>;
type Defaults = Omit<Link, keyof Identity | 'version' | 'inserted_at' | 'updated_at'>;

/** Fields that the service sets itself, before and behind those of clients. */
const FIRST = ['id', 'workspace_id'] as const;
const LAST = ['inserted_at', 'updated_at'] as const;

/** Everything of a link that nobody has set. */
export const LINK_DEFAULTS = {
  ...Object.fromEntries(
    FIELD_NAMES.flatMap((name) => {
      const field: Field = LINK_FIELDS[name];
      if (field.kind === 'url' || field.kind === 'slug') return [];
      return [[name, field.default ?? EMPTY[field.kind]]];
    }),
  ),
  password_hash: null,
  exhausted: false,
  purge_at: null,
} as Defaults;

/** A new link with everything that was not sent at its default. */
export function newLink(identity: Identity, fields: Partial<Link>, now: string): Link {
  const { id, workspace_id, slug, url } = identity;
  return {
    id,
    workspace_id,
    version: 1,
    ...LINK_DEFAULTS,
    ...fields,
    slug,
    url,
    inserted_at: now,
    updated_at: now,
  };
}

/** Attributes of an item that are keys of the table and its index, and no part of the link. */
const KEYS = new Set(['pk', 'sk', 'gsi1pk', 'gsi1sk']);
/** Every name of a link. It is quicker to set properties that exist than to add them, and every click comes through here. */
const EVERY_NAME = {
  ...Object.fromEntries([...FIRST, 'version', ...FIELD_NAMES, ...LAST].map((name) => [name, undefined])),
  ...LINK_DEFAULTS,
};

/** The link in a table item; what an item of an older version lacks is at its default. */
export function linkFromItem(item: Record<string, unknown>): Link {
  const link: Record<string, unknown> = { ...EVERY_NAME };
  for (const name in item) if (!KEYS.has(name)) link[name] = item[name];
  return link as Link;
}

/** Stands for a password in answers. Sent back it changes nothing, so that a link that was read can be saved. */
export const PASSWORD_MASK = '********';

const STORED_AND_ANSWERED = [...FIRST, ...FIELD_NAMES, ...LAST];

/** Fields of an answer that clients do not set: in input they are ignored. */
export const READ_ONLY_FIELDS = [...FIRST, ...LAST, 'full_url'] as const;

/** A link as the API answers it. */
export type PublicLink = Pick<Link, (typeof STORED_AND_ANSWERED)[number]> & {
  full_url: string;
  password: typeof PASSWORD_MASK | null;
};

/** The link as the API answers it, in its order: items come out of the table in any. */
export function publicLink(link: Link, baseUrl: string): PublicLink {
  const fields = Object.fromEntries(STORED_AND_ANSWERED.map((name) => [name, link[name]])) as PublicLink;
  const password = link.password_hash === null ? null : PASSWORD_MASK;
  return { ...fields, full_url: fullUrl(link, baseUrl), password };
}

/** What lists say of a link's recorded clicks: all, and those of people (`human_`). Days are UTC; thirty include today. */
export const CLICK_COUNTS = [
  'clicks_total',
  'clicks_today',
  'clicks_thirty_days',
  'human_clicks_total',
  'human_clicks_today',
  'human_clicks_thirty_days',
] as const;
export type ClickCounts = Record<(typeof CLICK_COUNTS)[number], number>;

/** Columns of an imported file: every field that exports hold and clients set. */
export const IMPORTED_FIELDS = [...FIELD_NAMES, 'password'] as const;
