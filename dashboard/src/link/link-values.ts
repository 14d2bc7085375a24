import type { FullLink, LinkInput } from '../api.ts';
import { changedValues } from '../use-form.ts';

type Rule = FullLink['rules'][number];

/** A rule as the page edits it; `key` tells rules apart while they are moved. */
export type RuleValues = { key: string; what: string; matches: string; url: string; percentage: string };

const TEXTS = [
  'name',
  'url',
  'slug',
  'note',
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
  'password',
  'expiry_destination',
] as const;

const FLAGS = [
  'enabled',
  'cloaking',
  'forward_params',
  'hide_referrer',
  'block_bots',
  'skip_social_crawler_tracking',
  'public_analytics',
] as const;

/** What the page edits of a link: everything as a text, a yes or no, or a list of rules. */
export type LinkValues = Record<(typeof TEXTS)[number], string> &
  Record<(typeof FLAGS)[number], boolean> & {
    domain: string;
    expiry_datetime: string;
    expiry_clicks: string;
    webhooks: string;
    rules: RuleValues[];
  };

/** A moment as an input for date and time has it, in the visitor's own zone, and back. */
export const localTime = {
  fromIso: (iso: string | null): string => {
    if (iso === null) return '';
    const moment = new Date(iso);
    return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  },
  toIso: (local: string): string => (local === '' ? '' : new Date(local).toISOString()),
};

let made = 0;
/** A rule with a key of its own. */
export function ruleValues({ what, matches, url, percentage }: Partial<Rule> = {}): RuleValues {
  return {
    key: `rule-${made++}`,
    what: what ?? 'country',
    matches: matches ?? '',
    url: url ?? '',
    percentage: percentage === undefined ? '' : String(percentage),
  };
}

const pick = <K extends string, V>(names: readonly K[], value: (name: K) => V) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;

/** What the page shows of a link. */
export function valuesOf(link: FullLink): LinkValues {
  return {
    ...pick(TEXTS, (name) => link[name] ?? ''),
    ...pick(FLAGS, (name) => link[name]),
    domain: link.domain ?? '',
    expiry_datetime: localTime.fromIso(link.expiry_datetime),
    expiry_clicks: link.expiry_clicks === null ? '' : String(link.expiry_clicks),
    webhooks: link.webhooks.join('\n'),
    rules: link.rules.map(ruleValues),
  };
}

/** A link that is not there yet. */
export const NEW_LINK: LinkValues = {
  ...pick(TEXTS, () => ''),
  ...pick(FLAGS, (name) => name === 'enabled'),
  domain: '',
  expiry_datetime: '',
  expiry_clicks: '',
  webhooks: '',
  rules: [],
};

/** The values that were changed, as the API takes them. */
export function changedInput(before: LinkValues, after: LinkValues): LinkInput {
  const { rules, expiry_datetime, ...others } = changedValues(before, after);
  return {
    ...others,
    ...(rules ? { rules: rules.map(({ key: _key, ...rule }) => rule) } : {}),
    ...(expiry_datetime === undefined ? {} : { expiry_datetime: localTime.toIso(expiry_datetime) }),
  };
}
