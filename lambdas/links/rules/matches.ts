import { KINDS } from './known-words.ts';
import type { RuleWhat } from './vocabulary.ts';
import { entriesOf, understand } from './words.ts';

/** `matches` as stored, or the sentence that says what to change. */
export type CheckedMatches = { matches: string | null; problem?: never } | { problem: string };

const ANY_BOT = new Set([
  'any',
  'all',
  '*',
  'true',
  'yes',
  '1',
  'any bot',
  'all bots',
  'every bot',
  'bot',
  'bots',
]);

/** What people write who mean visitors that are no bots: no rule of this kind can find those. */
const NO_BOT = new Set(['none', 'no', 'false', '0', 'human', 'humans', 'person', 'people', 'not bot']);

/** Names of bots are not known beforehand, and may hold spaces and slashes. */
function botMatches(text: string): CheckedMatches {
  const names = entriesOf(text);
  const people = names.filter((name) => NO_BOT.has(name.toLowerCase()));
  if (people.length > 0)
    return { problem: `must name bots, not ${quoted(people)}: leave it blank for every bot` };
  const isAny = names.length === 0 || names.some((name) => ANY_BOT.has(name.toLowerCase()));
  const first = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  return { matches: isAny ? null : [...first.values()].toReversed().join(', ') };
}

const MAX_NAMED = 5;
const MAX_NAMED_LENGTH = 40;

/** Characters that nobody sees, by their number. */
const visible = (text: string) =>
  text.replace(
    /\p{C}/gu,
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** Unknown entries as a sentence quotes them. */
function quoted(entries: string[]): string {
  const shown = entries.slice(0, MAX_NAMED).map((entry) => `"${visible(entry.slice(0, MAX_NAMED_LENGTH))}"`);
  return [...shown, ...(entries.length > MAX_NAMED ? ['others'] : [])].join(' or ');
}

/** Checks what a rule matches, and writes it the one way that the redirect compares and people read: `US, GB`. */
export function checkMatches(what: RuleWhat, text: string | null): CheckedMatches {
  if (what === 'rotator') return { matches: null };
  if (what === 'bot') return botMatches(text ?? '');
  const { vocabulary, use } = KINDS[what];
  const { values, unknown } = understand(text ?? '', vocabulary());
  if (unknown.length > 0)
    return { problem: `holds ${quoted(unknown)}, which a ${what} rule does not know. Use ${use}` };
  if (values.length === 0) return { problem: `is missing: a ${what} rule needs at least one. Use ${use}` };
  return { matches: values.join(', ') };
}
