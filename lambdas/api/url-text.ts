import { JOINER } from '../links/slug.ts';
import { LINE_BREAK } from './lines.ts';

// What people paste where one URL belongs. The URL parser drops line breaks and tabs, encodes spaces and takes a
// second URL for a part of the first, so all of this is found in the text, before it is parsed.

/** Spaces and line breaks, without U+FEFF: that is invisible, and a sign of text that was cut badly. */
const SPACE = String.raw`[\s--\uFEFF]`;
const SURROUNDING_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gv');
const INNER_SPACE = new RegExp(SPACE, 'v');

/** Control and format characters, and fillers that no font shows; variation selectors belong to what they follow. */
const INVISIBLE = /[\p{Cc}\p{Cf}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]]/v;
/** Emoji are looked at as a whole. */
const VISIBLE_SEQUENCE = new RegExp(String.raw`\p{RGI_Emoji}|${JOINER}(?=[\p{L}\p{M}])`, 'gv');

/** `https://https://example.com`, `https://http//example.com`, `https://www.https://example.com`. */
const TWO_SCHEMES = /^https?:[/\\]*(https?:?([/\\]|$)|[^/\\?#]*https?:[/\\]{2})/i;
const SECOND_URL = /(?:[,;|，；、،؛‚﹐¦•·]|\\[rnt]|<br ?\/?>)["'([<{]*https?:[/\\]/i;

/** The text without the spaces and line breaks around it. */
export function trimmedUrl(text: string): string {
  return text.replace(SURROUNDING_SPACE, '');
}

/**
 * What keeps a text from being one URL, as a sentence that says what to change: a space or a line break within it, an
 * invisible character, or a second URL. A URL in the path or the query of another is fine.
 */
export function urlTextProblem(text: string): string | undefined {
  if (LINE_BREAK.test(text)) return 'must be one URL, without a line break';
  if (INNER_SPACE.test(text))
    return 'must be one URL, without spaces: write %20 for a space that belongs to it';
  if (INVISIBLE.test(text.replace(VISIBLE_SEQUENCE, '')))
    return 'must not hold invisible characters: delete them, or type the URL again';
  if (TWO_SCHEMES.test(text)) return 'must start with https:// or http:// once, not twice';
  if (SECOND_URL.test(text))
    return 'must be one URL: a second one follows a comma, a semicolon or a bar. Write %2C, %3B or %7C if it belongs to the URL';
  return undefined;
}
