import * as z from 'zod';
import { httpUrl, listOf, text, wholeNumber } from '../../api/fields.ts';
import { HOLDS_NUL, wellFormed } from '../../text.ts';
import type { Rule } from '../link.ts';
import { checkMatches } from './matches.ts';
import { RULE_WHATS, type RuleWhat } from './vocabulary.ts';

const WHATS = Object.keys(RULE_WHATS) as RuleWhat[];
const UNKNOWN_WHAT = `must be one of ${WHATS.join(', ')}`;
const percentage = wholeNumber(100);

const ruleInput = z.object(
  {
    what: z
      .string(UNKNOWN_WHAT)
      .transform((written) => written.trim().toLowerCase())
      .pipe(z.enum(WHATS, UNKNOWN_WHAT))
      .meta({ enum: WHATS, description: 'What the rule looks at' }),
    matches: text(1_024)
      .optional()
      .describe(WHATS.map((what) => `${what}: ${RULE_WHATS[what]}.`).join(' ')),
    url: httpUrl.optional().describe('The destination of clicks that match'),
    rule_url: httpUrl.optional().describe('The same, under the name that some clients use'),
    percentage: z
      .union([z.literal(''), z.null(), percentage], 'must be a whole number from 0 to 100')
      .optional()
      .describe('Only rotators, and required there: the share of clicks, in percent'),
  },
  'must be an object with what, matches and url',
);

/** Converts a redirect rule from what a client sends to what is stored. */
const rule = ruleInput.transform((input, context): Rule => {
  const wrong = (field: string, message: string) =>
    context.addIssue({ code: 'custom', message, path: [field] });
  const url = input.url ?? input.rule_url;
  if (url === undefined) {
    wrong('url', 'is missing. Enter the URL that this rule leads to');
    return z.NEVER;
  }
  const checked = checkMatches(input.what, input.matches ?? null);
  if (checked.problem !== undefined) wrong('matches', checked.problem);
  const share = typeof input.percentage === 'number' ? input.percentage : undefined;
  if (input.what === 'rotator' && share === undefined)
    wrong('percentage', 'is missing. Enter the share of the clicks, from 0 to 100');
  if (checked.problem !== undefined) return z.NEVER;
  const known = { what: input.what, matches: checked.matches, url };
  return input.what === 'rotator' && share !== undefined ? { ...known, percentage: share } : known;
});

const MAX_RULES = 100;
const RULES = {
  most: MAX_RULES,
  wrong: 'must be a list of rules, or that list as JSON text',
  tooMany: `may contain at most ${MAX_RULES} rules`,
};

const isRule = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** The value of JSON text in a form field. A value that is not JSON text stays as it is. */
function fromJsonText(value: unknown, context: z.RefinementCtx, path: string[] = []): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const foundNul = (inner: string[]) =>
    context.addIssue({ code: 'custom', message: HOLDS_NUL, path: [...path, ...inner] });
  try {
    return wellFormed(JSON.parse(value), foundNul);
  } catch {
    return value;
  }
}

/**
 * Rules as clients send them: a list, or JSON text of a list or of one rule, because form fields are always text. Each
 * rule in a list may be JSON text too. Null and blank mean no rules.
 */
function readRules(value: unknown, context: z.RefinementCtx): unknown {
  const sent = fromJsonText(value, context) ?? [];
  if (typeof sent === 'string' && sent.trim() === '') return [];
  if (typeof value === 'string' && isRule(sent)) return [sent];
  if (!Array.isArray(sent)) return sent;
  const list = sent.map((one, index) => fromJsonText(one, context, [String(index)]));
  const [only] = list;
  return list.length === 1 && Array.isArray(only) ? only : list;
}

const ALL_CLICKS = 100;

/**
 * The rules of a link, in order. Rotators share one random number, so a rotator after others that take all clicks is
 * never reached.
 */
export const rules = listOf(rule, RULES, readRules)
  .superRefine((list, context) => {
    let taken = 0;
    for (const [index, one] of list.entries()) {
      const share = one?.percentage ?? 0;
      const before = taken;
      taken += share;
      // Rounded shares may add up to slightly more than 100. The last rotator gets what is left.
      if (share === 0 || before < ALL_CLICKS) continue;
      const message = `can never be reached, because the rotators before this one take ${before} percent of all clicks`;
      context.addIssue({ code: 'custom', message, path: [index, 'percentage'] });
      return;
    }
  })
  .transform((list) => list.filter((one) => one !== undefined));
