import { LANGUAGE_TAG, RULE_SYSTEMS } from '../clicks/visitor-values.ts';
import type { Rule } from '../links/link.ts';
import type { Visitor } from './visitor.ts';

/** What a rule looks at. `device` and `system` are more detailed than `platform`, and not in the payload. */
export type RuleSubject = Pick<
  Visitor,
  'country' | 'platform' | 'device' | 'system' | 'browser_name' | 'bot_name' | 'language'
>;

/** A visitor about whom nothing is known. */
export const UNKNOWN_VISITOR: RuleSubject = {
  country: null,
  platform: null,
  device: null,
  system: null,
  browser_name: null,
  bot_name: null,
  language: null,
};

// Rules are stored in the words of links/rules/vocabulary.ts. Older rules contain what people wrote and still match as
// before.

/** What people write for a platform, and the platforms that they mean. */
const PLATFORM_MEANINGS: Record<string, string[]> = {
  mobile: ['ios', 'android', 'mobile'],
  phone: ['ios', 'android', 'mobile'],
  iphone: ['ios'],
  ipad: ['ios'],
  ipados: ['ios'],
  computer: ['desktop'],
  pc: ['desktop'],
};

const BROWSER_MEANINGS: Record<string, string[]> = {
  'microsoft edge': ['edge'],
  'google chrome': ['chrome'],
  'samsung browser': ['samsung internet'],
  ie: ['internet explorer'],
};

/** The comma-separated entries of `matches`, in lower case. */
function entries(matches: string | null): string[] {
  return (matches ?? '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** Whether a value is one of the entries, or one of the values that an entry stands for. */
function isOneOf(value: string | null, wanted: string[], meanings: Record<string, string[]> = {}): boolean {
  if (value === null) return false;
  const known = value.toLowerCase();
  return wanted.some(
    (entry) => entry === known || (Object.hasOwn(meanings, entry) && meanings[entry]?.includes(known)),
  );
}

const SYSTEMS: readonly string[] = RULE_SYSTEMS;

/**
 * Whether the visitor has one of these platforms, a tablet of any platform, or a computer with one of these systems.
 */
function runsOn({ platform, device, system }: RuleSubject, wanted: string[]): boolean {
  if (isOneOf(platform, wanted, PLATFORM_MEANINGS)) return true;
  // Excludes televisions and consoles, because consoles run Windows and televisions run Linux.
  const computer = device === 'tv' ? null : system;
  return wanted.some((entry) =>
    SYSTEMS.includes(entry) ? entry === computer : entry === 'tablet' && entry === device,
  );
}

/** `no` stands for all Norwegian, and browsers that send `no` mean Bokmål. */
const LANGUAGE_MEANINGS: Record<string, string[]> = { no: ['no', 'nb', 'nn'], nb: ['nb', 'no'] };
/** Old codes that some systems still send, and their replacements. */
const LATER_CODES: Record<string, string> = { iw: 'he', in: 'id', ji: 'yi', jw: 'jv', mo: 'ro', tl: 'fil' };

/** The parts of a tag in lower case; null if it is not a plain tag. */
function partsOf(tag: string) {
  const [, code, script, region] = LANGUAGE_TAG.exec(tag) ?? [];
  return code === undefined ? null : { language: LATER_CODES[code] ?? code, script, region };
}

/** The script that a tag implies without naming it: `hant` for `zh-tw`. */
function likelyScript(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).maximize().script?.toLowerCase();
  } catch {
    return undefined;
  }
}

/** 419 is Latin America (UN M49). Browsers there send their country. Browsers in Europe send `es-ES` or `pt-PT`. */
const EUROPEAN_REGIONS = ['es', 'pt'];
const isLatinAmerican = (asked: string, spoken: string | undefined) =>
  asked === '419' && spoken !== undefined && !EUROPEAN_REGIONS.includes(spoken);

/**
 * Whether a language matches one of the wanted languages. `en` matches all English, `en-GB` only British English, and
 * `zh-Hant` also matches `zh-TW`, which implies that script.
 */
function speaks(tag: string | null, wanted: string[]): boolean {
  const known = tag?.toLowerCase();
  if (known === undefined) return false;
  const spoken = partsOf(known);
  return wanted.some((entry) => {
    if (known === entry || known.startsWith(`${entry}-`)) return true;
    const asked = spoken && partsOf(entry);
    if (!asked) return false;
    const { language, script, region } = asked;
    return (
      (LANGUAGE_MEANINGS[language] ?? [language]).includes(spoken.language) &&
      (region === undefined || region === spoken.region || isLatinAmerican(region, spoken.region)) &&
      (script === undefined || script === (spoken.script ?? likelyScript(known)))
    );
  });
}

/** Whether a bot matches, by the beginning of its name: `Google` matches Googlebot too. No name matches all bots. */
function isBot(name: string | null, wanted: string[]): boolean {
  const known = name?.toLowerCase();
  return known !== undefined && (wanted.length === 0 || wanted.some((entry) => known.startsWith(entry)));
}

function matches(rule: Rule, visitor: RuleSubject): boolean {
  const wanted = entries(rule.matches);
  switch (rule.what) {
    case 'country':
      return isOneOf(visitor.country, wanted);
    case 'platform':
    case 'device':
      return runsOn(visitor, wanted);
    case 'browser':
      return isOneOf(visitor.browser_name, wanted, BROWSER_MEANINGS);
    case 'language':
      return speaks(visitor.language, wanted);
    case 'bot':
      return isBot(visitor.bot_name, wanted);
    default:
      return false;
  }
}

/**
 * The index of the first rule that matches; -1 for none. Rotators share one random number, so that 50 and 50 take all
 * clicks.
 */
export function matchingRule(rules: Rule[], visitor: RuleSubject, draw: number): number {
  let taken = 0;
  return rules.findIndex((rule) => {
    if (rule.what !== 'rotator') return matches(rule, visitor);
    taken += (rule.percentage ?? 0) / 100;
    return draw < taken;
  });
}
