import {
  FIELD_NAMES,
  type FieldName,
  type FieldsOf,
  LINK_DEFAULTS,
  LINK_FIELDS,
} from '../../../lambdas/links/link.ts';
import { changedValues, type FullLink, type LinkInput } from '../api.ts';

type Rule = FullLink['rules'][number];

/** A rule as the page edits it; `key` tells rules apart while they are moved. */
export type RuleValues = { key: string; what: string; matches: string; url: string; percentage: string };

/** Fields that the page edits as a text: all but yes or no, and rules. */
type TextName = Exclude<FieldName, FieldsOf<'flag' | 'rules'>>;

/** What the page edits of a link: everything as a text, a yes or no, or a list of rules. */
export type LinkValues = Record<TextName | 'password' | 'webhooks', string> &
  Record<FieldsOf<'flag'>, boolean> & { rules: RuleValues[] };

/** A moment as an input for date and time has it, in the visitor's own zone, and back. */
const localTime = {
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

type Kind = (typeof LINK_FIELDS)[FieldName]['kind'];

/** A value of a field as the page edits it. */
function editable(kind: Kind, value: unknown): unknown {
  if (kind === 'flag') return value;
  if (kind === 'rules') return (value as Rule[]).map(ruleValues);
  return kind === 'moment' ? localTime.fromIso(value as string | null) : String(value ?? '');
}

/** A value that was edited, as the API takes it. */
function sendable(kind: Kind | undefined, value: unknown): unknown {
  if (kind === 'rules') return (value as RuleValues[]).map(({ key: _key, ...rule }) => rule);
  return kind === 'moment' ? localTime.toIso(value as string) : value;
}

/** What the page shows of a link. */
export function valuesOf(link: Pick<FullLink, FieldName | 'password' | 'webhooks'>): LinkValues {
  return {
    ...Object.fromEntries(FIELD_NAMES.map((name) => [name, editable(LINK_FIELDS[name].kind, link[name])])),
    password: link.password ?? '',
    webhooks: link.webhooks.join('\n'),
  } as LinkValues;
}

/** A link that does not exist yet. */
export const NEW_LINK = valuesOf({ ...LINK_DEFAULTS, url: '', slug: '', password: null, webhooks: [] });

/** The values that were changed, as the API takes them. */
export function changedInput(before: LinkValues, after: LinkValues): LinkInput {
  const fields: Partial<Record<string, { kind: Kind }>> = LINK_FIELDS;
  const changed = Object.entries(changedValues(before, after));
  return Object.fromEntries(changed.map(([name, value]) => [name, sendable(fields[name]?.kind, value)]));
}
