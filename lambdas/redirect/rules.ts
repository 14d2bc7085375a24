import type { Link, Rule } from '../core/link.ts';
import type { Visitor } from './visitor.ts';

/** What a rule looks at. */
export type RuleSubject = Pick<Visitor, 'country' | 'platform' | 'browser_name' | 'bot_name' | 'language'>;

/** What people write for a platform, and the platforms that they mean. */
const PLATFORM_SYNONYMS: Record<string, string[]> = {
  mobile: ['ios', 'android', 'mobile'],
  phone: ['ios', 'android', 'mobile'],
  iphone: ['ios'],
  ipad: ['ios'],
  ipados: ['ios'],
  computer: ['desktop'],
  pc: ['desktop'],
};

const BROWSER_SYNONYMS: Record<string, string[]> = {
  'microsoft edge': ['edge'],
  'google chrome': ['chrome'],
  'samsung browser': ['samsung internet'],
  ie: ['internet explorer'],
};

/** The entries of `matches`: separated by commas, in any case. */
function entries(matches: string | null): string[] {
  return (matches ?? '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** Whether the value is one of the entries, or of what an entry stands for. */
function isOneOf(value: string | null, wanted: string[], synonyms: Record<string, string[]> = {}): boolean {
  if (value === null) return false;
  const known = value.toLowerCase();
  return wanted.some(
    (entry) => entry === known || (Object.hasOwn(synonyms, entry) && synonyms[entry]?.includes(known)),
  );
}

/** `en` stands for all English, `en-GB` for that of Britain alone. */
function speaks(language: string | null, wanted: string[]): boolean {
  const known = language?.toLowerCase();
  return wanted.some((entry) => known === entry || known?.startsWith(`${entry}-`));
}

function matches(rule: Rule, visitor: RuleSubject): boolean {
  const wanted = entries(rule.matches);
  switch (rule.what) {
    case 'country':
      return isOneOf(visitor.country, wanted);
    case 'platform':
    case 'device':
      return isOneOf(visitor.platform, wanted, PLATFORM_SYNONYMS);
    case 'browser':
      return isOneOf(visitor.browser_name, wanted, BROWSER_SYNONYMS);
    case 'language':
      return speaks(visitor.language, wanted);
    case 'bot':
      return visitor.bot_name !== null && (wanted.length === 0 || isOneOf(visitor.bot_name, wanted));
    default:
      return false;
  }
}

/** The url of the first rule that matches. All rotators of a link share one draw, so that 50 and 50 leave nothing. */
export function ruledUrl(link: Pick<Link, 'url' | 'rules'>, visitor: RuleSubject, draw: number): string {
  let taken = 0;
  for (const rule of link.rules) {
    if (rule.what === 'rotator') {
      taken += (rule.percentage ?? 0) / 100;
      if (draw < taken) return rule.url;
    } else if (matches(rule, visitor)) return rule.url;
  }
  return link.url;
}
