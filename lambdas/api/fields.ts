import * as z from 'zod';
import { hostTextProblem, trimmedUrl, urlTextProblem } from '../text.ts';

/**
 * Text of at most this many characters. Form bodies contain only text, and clients send a blank to mean "none", so a
 * blank becomes null.
 */
export const text = (maxLength: number) =>
  z
    .union([z.string(), z.null()], 'must be text or null')
    .transform((value) => (value === null || value.trim() === '' ? null : value))
    .refine(
      (value) => value === null || value.length <= maxLength,
      `must be at most ${maxLength} characters long`,
    )
    .meta({ maxLength });

/** Text on one line, without leading and trailing spaces, which often come from pasting. */
export const line = (maxLength: number) =>
  z
    .union([z.string(), z.null()], 'must be text or null')
    .transform((value) => value?.trim() ?? null)
    .pipe(text(maxLength))
    .meta({ maxLength });

const TRUE = new Set<unknown>([true, 1, '1', 'true', 'yes', 'on', 't', 'y', 'enabled']);
const FALSE = new Set<unknown>([false, 0, '0', 'false', 'no', 'off', 'f', 'n', 'disabled']);
/** True or false, in any case and in every spelling that forms and clients send. Null and blank become undefined. */
export const flag = z
  .unknown()
  .transform((value, context): boolean | undefined => {
    const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
    if (word === '' || word === null || word === undefined) return undefined;
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    context.addIssue('must be true or false');
    return z.NEVER;
  })
  .meta({ enum: [...TRUE, ...FALSE, '', null] });

/** Larger whole numbers are not exact in JSON and JavaScript. */
const MOST = Number.MAX_SAFE_INTEGER;

/** The value of a JSON number or of a text of digits; undefined for anything else. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/**
 * A whole number. Forms and some clients send it as a text of digits. Values such as `true`, `[5]`, `0x10` or `1e3` are
 * rejected, because a wrong guess could delete the wrong link.
 */
export const wholeNumber = (
  most = MOST,
  least = 0,
  sentence = `must be a whole number from ${least} to ${most}`,
) =>
  z
    .unknown()
    .transform((value, context): number => {
      const number = numberOf(value);
      if (Number.isSafeInteger(number) && Number(number) >= least && Number(number) <= most) {
        return Number(number);
      }
      context.addIssue(sentence);
      return z.NEVER;
    })
    .meta({ type: ['integer', 'string'], minimum: least, maximum: most });

/** Ids have at most 15 digits. */
export const MAX_ID = 1e15 - 1;
/** The id of an object, such as `a link`. */
export const id = (what: string) =>
  wholeNumber(MAX_ID, 1, `must be the id of ${what}: a whole number, such as 5`);

const MAX_CLICKS = 1e9;
/** A click limit. 0, blank and null mean no limit. */
export const clickLimit = z
  .union(
    [z.literal(''), z.null(), wholeNumber(MAX_CLICKS)],
    `must be a whole number from 0 to ${MAX_CLICKS}. 0 means no limit`,
  )
  .transform((value) => value || null);

/**
 * A list. Its length is checked before its entries, because a body can contain so many entries that their error
 * sentences would not fit into a response. Entries that a form leaves blank become undefined, so that errors name the
 * other entries by the position at which the client sent them.
 * @param read returns the list from the value that was sent
 */
export const listOf = <Entry extends z.ZodType>(
  entry: Entry,
  { most, wrong, tooMany }: { most: number; wrong: string; tooMany: string },
  read: (value: unknown, context: z.RefinementCtx) => unknown = (value) => value,
) =>
  z.preprocess(
    (value, context) => {
      const list = read(value, context);
      if (!Array.isArray(list) || list.filter((one) => one !== undefined).length <= most) return list;
      context.addIssue(tooMany);
      return z.NEVER;
    },
    z.array(entry.optional(), wrong).meta({ maxItems: most }),
  );

/**
 * The limit lets the URL fit into a header together with added parameters. It counts characters after percent-encoding.
 */
const MAX_URL_LENGTH = 4_096;
const TOO_LONG = 'must be at most 4,096 characters long after percent-encoding';

/** The normalised form of an http or https URL. For any other text it adds an issue that says what is wrong. */
function normalised(text: string, context: z.RefinementCtx): string {
  const problem = urlTextProblem(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  const hostProblem = url && hostTextProblem(url.hostname);
  if (problem) context.addIssue(problem);
  else if (!isHttp) context.addIssue('must be a full URL that starts with https:// or http://');
  else if (hostProblem) context.addIssue(hostProblem);
  else if (url.href.length > MAX_URL_LENGTH) context.addIssue(TOO_LONG);
  else return url.href;
  return z.NEVER;
}

const urlText = (sentence: string) => z.string(sentence).max(MAX_URL_LENGTH, TOO_LONG).transform(trimmedUrl);

/** The URL that a link leads to: http or https, normalised. */
export const httpUrl = urlText('must be text: the URL that the link leads to').transform(normalised);

/** A URL. Blank or null means none. */
export const optionalUrl = urlText('must be a full URL that starts with https:// or http://, or blank')
  .nullable()
  .transform((text, context) => (text ? normalised(text, context) : null));
