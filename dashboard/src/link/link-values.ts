import {
  FIELD_NAMES,
  type FieldName,
  type FieldsOf,
  LINK_DEFAULTS,
  LINK_FIELDS,
} from '../../../lambdas/links/link.ts';
import { changedValues, type FullLink, type LinkInput } from '../api.ts';

type Rule = FullLink['rules'][number];

/** A rule as the page edits it. `key` identifies the rule when it is moved. */
export type RuleValues = { key: string; what: string; matches: string; url: string; percentage: string };

/** Fields that the page edits as text: all except flags and rules. */
type TextName = Exclude<FieldName, FieldsOf<'flag' | 'rules'>>;

/** What the page edits of a link: text, flags, and the list of rules. */
export type LinkValues = Record<TextName | 'password' | 'webhooks', string> &
  Record<FieldsOf<'flag'>, boolean> & { rules: RuleValues[] };

/** Converts a time to the value of a date and time input in the visitor's time zone, and back. */
const localTime = {
  fromIso: (iso: string | null): string => {
    if (iso === null) return '';
    const moment = new Date(iso);
    return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  },
  toIso: (local: string): string => (local === '' ? '' : new Date(local).toISOString()),
};

let lastRuleKey = 0;
/** A rule with its own key. */
export function ruleValues({ what, matches, url, percentage }: Partial<Rule> = {}): RuleValues {
  return {
    key: `rule-${lastRuleKey++}`,
    what: what ?? 'country',
    matches: matches ?? '',
    url: url ?? '',
    percentage: percentage === undefined ? '' : String(percentage),
  };
}

type Kind = (typeof LINK_FIELDS)[FieldName]['kind'];

/** The value of a field as the page edits it. */
function editable(kind: Kind, value: unknown): unknown {
  if (kind === 'flag') return value;
  if (kind === 'rules') return (value as Rule[]).map(ruleValues);
  return kind === 'moment' ? localTime.fromIso(value as string | null) : String(value ?? '');
}

/** An edited value as the API accepts it. */
function sendable(kind: Kind | undefined, value: unknown): unknown {
  if (kind === 'rules') return (value as RuleValues[]).map(({ key: _key, ...rule }) => rule);
  return kind === 'moment' ? localTime.toIso(value as string) : value;
}

/** The values of a link that the page shows. */
export function valuesOf(link: Pick<FullLink, FieldName | 'password' | 'webhooks'>): LinkValues {
  return {
    ...Object.fromEntries(FIELD_NAMES.map((name) => [name, editable(LINK_FIELDS[name].kind, link[name])])),
    password: link.password ?? '',
    webhooks: link.webhooks.join('\n'),
  } as LinkValues;
}

/** A link that does not exist yet. */
export const NEW_LINK = valuesOf({ ...LINK_DEFAULTS, url: '', slug: '', password: null, webhooks: [] });

/** The changed values as the API accepts them. */
export function changedInput(before: LinkValues, after: LinkValues): LinkInput {
  const fields: Partial<Record<string, { kind: Kind }>> = LINK_FIELDS;
  const changed = Object.entries(changedValues(before, after));
  return Object.fromEntries(changed.map(([name, value]) => [name, sendable(fields[name]?.kind, value)]));
}
