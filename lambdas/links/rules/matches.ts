import { KINDS } from './known-words.ts';
import type { RuleWhat } from './vocabulary.ts';
import { entriesOf, parseWords } from './words.ts';

/** `matches` as it is stored, or the sentence that says what to change. */
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

/** Words for visitors who are not bots. A rule of this kind cannot match those. */
const NO_BOT = new Set(['none', 'no', 'false', '0', 'human', 'humans', 'person', 'people', 'not bot']);

/** The names of bots are not known in advance, and they may contain spaces and slashes. */
function botMatches(text: string): CheckedMatches {
  const names = entriesOf(text);
  const people = names.filter((name) => NO_BOT.has(name.toLowerCase()));
  if (people.length > 0)
    return { problem: `must name bots, not ${quoted(people)}. Leave it blank for every bot` };
  const isAny = names.length === 0 || names.some((name) => ANY_BOT.has(name.toLowerCase()));
  const first = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  return { matches: isAny ? null : [...first.values()].toReversed().join(', ') };
}

const MAX_NAMED = 5;
const MAX_NAMED_LENGTH = 40;

/** Replaces invisible characters with their code points. */
const visible = (text: string) =>
  text.replace(
    /\p{C}/gu,
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** Unknown entries, quoted for a sentence. */
function quoted(entries: string[]): string {
  const shown = entries.slice(0, MAX_NAMED).map((entry) => `"${visible(entry.slice(0, MAX_NAMED_LENGTH))}"`);
  return [...shown, ...(entries.length > MAX_NAMED ? ['others'] : [])].join(' or ');
}

/**
 * Checks the matches of a rule, and writes them in the one form that the redirect compares and people read: `US, GB`.
 */
export function checkMatches(what: RuleWhat, text: string | null): CheckedMatches {
  if (what === 'rotator') return { matches: null };
  if (what === 'bot') return botMatches(text ?? '');
  const { vocabulary, use } = KINDS[what];
  const { values, unknown } = parseWords(text ?? '', vocabulary());
  if (unknown.length > 0)
    return { problem: `contains ${quoted(unknown)}, which a ${what} rule does not know. Use ${use}` };
  if (values.length === 0)
    return { problem: `is missing. A ${what} rule needs at least one entry. Use ${use}` };
  return { matches: values.join(', ') };
}
