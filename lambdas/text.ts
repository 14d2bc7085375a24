import { withoutJoiners } from './joiners.ts';

/** Every line break of Unicode. CR followed by LF is a single one. */
export const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * The lines of a text or of a list of texts. Blank lines are included, so that line numbers are those that people see.
 * A list element that contains a line break is several lines. An element that a form leaves out is a blank line.
 */
export function lines(value: string | (string | undefined)[]): string[] {
  return [value].flat().flatMap((text = '') => text.split(LINE_BREAK));
}

/** No schema reads deeper than this: a rule's field is on the third level. */
const MAX_DEPTH = 8;

/**
 * A value as it was sent, with each lone half of a surrogate pair replaced by U+FFFD, because it has no UTF-8 form.
 * @param foundNul is called for each text that contains the NUL character, which ends a text in many programs
 */
export function wellFormed(value: unknown, foundNul: (path: string[]) => void, path: string[] = []): unknown {
  if (typeof value === 'string') {
    if (value.includes('\0')) foundNul(path);
    return value.toWellFormed();
  }
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return value;
  const inner = (one: unknown, key: string | number) => wellFormed(one, foundNul, [...path, String(key)]);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one, key)]));
}

/** The sentence about a text that contains NUL. */
export const HOLDS_NUL = 'must not contain the NUL character (U+0000). Remove it';

// Finds text that people paste where one URL belongs. The URL parser drops line breaks and tabs, encodes spaces, and
// reads a second URL as part of the first. So these checks look at the text before it is parsed.

/** Spaces and line breaks, without U+FEFF: that is invisible, and a sign of text that was copied incorrectly. */
const SPACE = String.raw`[\s--\uFEFF]`;
const SURROUNDING_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gv');
const INNER_SPACE = new RegExp(SPACE, 'v');

/**
 * Control and format characters, and fillers that no font shows. Variation selectors belong to the character before
 * them.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]]/v;

/** `https://https://example.com`, `https://http//example.com`, `https://www.https://example.com`. */
const TWO_SCHEMES = /^https?:[/\\]*(www\.)?https?:?([/\\]|$)/i;
/** A second URL in the place of the host, or after a separator, or after an encoded line break in the path. */
const SECOND_URL =
  /^https?:[/\\]*[^/\\?#]*https?:[/\\]|(?:[,;|，；、،؛‚﹐¦•·]|\\[rnt]|<br ?\/?>|^[^?#]*%0[ad])["'([<{]*https?:[/\\]/i;
const TWO_URLS =
  'must be one URL, but it contains two URLs. Remove one. If the second belongs to the first, write its :// as %3A%2F%2F';

/** Where a webhook's URL may contain a second URL: as the value of a query parameter, or as the whole query. */
const PARAMETER_URL = /[?=]https?:[/\\]{2}/gi;
const ANY_URL = /https?:[/\\]{2}|%0[ad](%0[ad])*https?%3a%2f%2f/i;

/** The text without the spaces and line breaks around it. */
export function trimmedUrl(text: string): string {
  return text.replace(SURROUNDING_SPACE, '');
}

/**
 * What keeps a text from being one URL, as a sentence that says what to change: a space or a line break, an invisible
 * character, or a second URL. A URL in the path or the query of another URL is fine.
 */
export function urlTextProblem(text: string): string | undefined {
  if (LINE_BREAK.test(text)) return 'must be one URL without line breaks';
  if (INNER_SPACE.test(text))
    return 'must be one URL without spaces. Write %20 for a space that belongs to it';
  if (INVISIBLE.test(withoutJoiners(text)))
    return 'must not contain invisible characters. Delete them, or type the URL again';
  if (TWO_SCHEMES.test(text)) return 'must start with https:// or http:// once, not twice';
  return SECOND_URL.test(text) ? TWO_URLS : undefined;
}

/**
 * What keeps a text from being the URL of one webhook. A webhook's URL never contains shared text, so a second URL is
 * an accident, except as the value of a query parameter.
 */
export function hookTextProblem(text: string): string | undefined {
  const problem = urlTextProblem(text);
  if (problem !== undefined) return problem;
  const [, rest = ''] = /^https?:[/\\]*(.*)$/i.exec(text) ?? [];
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(rest) ?? [];
  const isSecond =
    ANY_URL.test(path) || /https?:[/\\]{2}/i.test(query.replace(PARAMETER_URL, '')) || ANY_URL.test(fragment);
  return isSecond ? TWO_URLS : undefined;
}

const HOST_NAME = /^[a-z\d._-]+$/;
const IPV6 = /^\[[\da-f:.]+\]$/;

/**
 * What is wrong with a host that the URL parser has accepted (`a.com,b.com`, `*`, `{}`).
 * @param hostname of a parsed URL: in lower case, other alphabets as `xn--…`
 */
export function hostTextProblem(hostname: string): string | undefined {
  if (IPV6.test(hostname)) return undefined;
  if (!HOST_NAME.test(hostname))
    return 'must have a host name of only letters, digits, dots and hyphens, such as example.com';
  const labels = hostname.replace(/\.$/, '').split('.');
  if (labels.some((label) => label === '' || label.length > 63)) return 'has a host name that is not valid';
  return undefined;
}
