// The schema of a link. Everything that needs the fields of a link derives them from LINK_FIELDS: the type and the
// defaults here, the input and the responses of the API in fields.ts, the payload in ../clicks/click.ts, the columns of
// imports, and the form of the dashboard. To add a field, add an entry here and then the code for what it does. The
// redirect and the dashboard load this file, so it imports nothing.

/** A redirect rule, as it is stored and returned. Only rotators have a `percentage`. */
export type Rule = { what: string; matches: string | null; url: string; percentage?: number };

/** Kinds of fields, with the type of their values. */
type Values = {
  url: string;
  slug: string;
  line: string | null;
  text: string | null;
  domain: string | null;
  optionalUrl: string | null;
  /** The id of a tag, which is written into a page: in capitals, in its vendor's format. */
  tagId: string | null;
  /** UTC, ISO 8601. */
  moment: string | null;
  clickLimit: number | null;
  flag: boolean;
  rules: Rule[];
};

type Kind = keyof Values;

/** The value of a field that was not sent. Every link has a URL and a slug. */
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

/** A field that clients can set. */
export type Field = (
  | { kind: Exclude<Kind, 'line' | 'text' | 'tagId'> }
  /** The most characters. */
  | { kind: 'line' | 'text'; max: number }
  /** The pattern of an id, and the sentence for a text that does not match. */
  | { kind: 'tagId'; shape: RegExp; sentence: string }
) & {
  /** The value in a new link, if it is not the empty value of its kind. */
  default?: true;
  /** Whether the payload of webhooks contains it. */
  payload?: true;
};

const UTM = { kind: 'line', max: 1_024, payload: true } as const;

/** The fields of a link, in the order of the API's responses and of the payload. */
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
    sentence: 'must be the digits of a pixel id, such as 123456789012345',
  },
  ga4_tag_id: {
    kind: 'tagId',
    shape: /^(G|GT|AW)-[A-Z0-9]{4,20}$/,
    sentence: 'must be a tag id such as G-ABC1234567',
  },
  gtm_id: {
    kind: 'tagId',
    shape: /^GTM-[A-Z0-9]{4,20}$/,
    sentence: 'must be a container id such as GTM-ABC1234',
  },
  rules: { kind: 'rules', payload: true },
  expiry_datetime: { kind: 'moment' },
  expiry_clicks: { kind: 'clickLimit' },
  expiry_destination: { kind: 'optionalUrl' },
} as const satisfies Record<string, Field>;

type Fields = typeof LINK_FIELDS;

/** The name of a field that clients can set. */
export type FieldName = keyof Fields;
export const FIELD_NAMES = Object.keys(LINK_FIELDS) as FieldName[];

/** Fields of a certain kind. */
export type FieldsOf<K extends Kind> = {
  [N in FieldName]: Fields[N]['kind'] extends K ? N : never;
}[FieldName];

/** Fields that the payload of webhooks contains, in its order. */
export type PayloadField = { [N in FieldName]: Fields[N] extends { payload: true } ? N : never }[FieldName];
export const PAYLOAD_FIELDS = FIELD_NAMES.filter((name) => 'payload' in LINK_FIELDS[name]) as PayloadField[];

/** A link, as stored. */
export type Link = { [N in FieldName]: Values[Fields[N]['kind']] } & {
  id: number;
  workspace_id: number;
  /** Counts the writes of the link. Each write has it as a condition. */
  version: number;
  /** The hash of the password, see password-hash.ts. The password itself is not stored. */
  password_hash: string | null;
  /** Whether `expiry_clicks` has been reached. Deliver sets it, and a change of the limit resets it. */
  exhausted: boolean;
  /** When DynamoDB removes a link in the trash, in seconds since 1970; null for a link in use. */
  purge_at: number | null;
  inserted_at: string;
  updated_at: string;
};

/**
 * The most bytes of a link as JSON. A DynamoDB read of 64 KB costs 8 units, and an SQS message has room to spare for
 * it.
 */
export const MAX_LINK_BYTES = 64 * 1024;

/** The most links on one page of a list. */
export const MAX_PAGE_SIZE = 1_000;

/**
 * The full URL of a link. `baseUrl` is the origin of the default host. Custom domains have the same scheme and port.
 */
export function fullUrl(link: Pick<Link, 'domain' | 'slug'>, baseUrl: string): string {
  const url = new URL(encodeURI(link.slug), baseUrl);
  if (link.domain !== null) url.hostname = link.domain;
  return url.href;
}

type Identity = Pick<Link, 'id' | 'workspace_id' | 'slug' | 'url'>;
type Defaults = Omit<Link, keyof Identity | 'version' | 'inserted_at' | 'updated_at'>;

/** Fields that the service sets, before and after those of clients. */
const FIRST = ['id', 'workspace_id'] as const;
const LAST = ['inserted_at', 'updated_at'] as const;

/** The default values of a link. */
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

/** A new link. Fields that were not sent have their default. */
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

/** Attributes of an item that are keys of the table and its index, and not part of the link. */
const KEYS = new Set(['pk', 'sk', 'gsi1pk', 'gsi1sk']);
/**
 * Every field name of a link. Setting existing properties is faster than adding them, and every click runs this code.
 */
const EVERY_NAME = {
  ...Object.fromEntries([...FIRST, 'version', ...FIELD_NAMES, ...LAST].map((name) => [name, undefined])),
  ...LINK_DEFAULTS,
};

/** The link in a table item. Fields that an item of an older version lacks have their default. */
export function linkFromItem(item: Record<string, unknown>): Link {
  const link: Record<string, unknown> = { ...EVERY_NAME };
  for (const name in item) if (!KEYS.has(name)) link[name] = item[name];
  return link as Link;
}

/**
 * Stands for a password in responses. A client that sends it back changes nothing, so it can save a link that it has
 * read.
 */
export const PASSWORD_MASK = '********';

const STORED_AND_ANSWERED = [...FIRST, ...FIELD_NAMES, ...LAST];

/** Fields of a response that clients cannot set. In input they are ignored. */
export const READ_ONLY_FIELDS = [...FIRST, ...LAST, 'full_url'] as const;

/** A link in responses of the API. */
export type PublicLink = Pick<Link, (typeof STORED_AND_ANSWERED)[number]> & {
  full_url: string;
  password: typeof PASSWORD_MASK | null;
};

/** Returns a link as the API does, in the API's order of fields. Items from the table have any order. */
export function publicLink(link: Link, baseUrl: string): PublicLink {
  const fields = Object.fromEntries(STORED_AND_ANSWERED.map((name) => [name, link[name]])) as PublicLink;
  const password = link.password_hash === null ? null : PASSWORD_MASK;
  return { ...fields, full_url: fullUrl(link, baseUrl), password };
}

/**
 * The counts of a link's recorded clicks: all clicks, and human clicks (`human_`). Days are UTC. Thirty days include
 * today.
 */
export const CLICK_COUNTS = [
  'clicks_total',
  'clicks_today',
  'clicks_previous_day',
  'clicks_thirty_days',
  'human_clicks_total',
  'human_clicks_today',
  'human_clicks_previous_day',
  'human_clicks_thirty_days',
] as const;
export type ClickCounts = Record<(typeof CLICK_COUNTS)[number], number> & {
  /** The human clicks of each of the thirty days, the oldest first and today last. */
  sparkline: number[];
};

/** For how many days a link keeps daily counts. */
export const COUNTED_DAYS = 30;

/** Fields of lists and exports that count clicks. Clients cannot set them. */
export const COUNT_FIELDS = [...CLICK_COUNTS, 'sparkline', 'clicks_count'] as const;

/** The columns of an imported file: every field that exports contain and clients can set. */
export const IMPORTED_FIELDS = [...FIELD_NAMES, 'password'] as const;
