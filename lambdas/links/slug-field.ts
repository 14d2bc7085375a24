import * as z from 'zod';
import { ownHosts } from '../env.ts';
import { withoutJoiners } from '../joiners.ts';
import { isReservedPath, isSlug, MAX_SLUG_LENGTH, slugOfPath } from './slug.ts';

/** The sentence for a slug that begins with a host. */
export const HOLDS_HOST =
  'must not contain a host name. Send only the path, such as /summer-sale, and send the host name as domain';

/** Top-level domains that end no file name or version, and hardly a word. A slug may end in any other. */
const TOP_LEVEL = String.raw`(com|net|org|info|biz|edu|gov|mil|int|example|localhost|xn--[a-z\d\-]+|рф|укр|бел|срб|қаз|ею|бг|ελ|中国|中國|香港|台湾|台灣|한국|ไทย|भारत|ভারত|இந்தியா|ایران|مصر|الامارات|امارات|السعودية|المغرب|ישראל)`;
const NAME = String.raw`([\p{L}\p{N}_\-][\p{L}\p{M}\p{N}_\-]*\.)`;
const IPV4 = String.raw`\d{1,3}(\.\d{1,3}){3}`;

/** What people paste when they send a whole URL, with or without a slash before it. */
const ADDRESS = [
  /^\/*(https?:\/|[a-z][a-z\d+.\-]*:\/\/)/iv,
  /^\/{2,}[^/]*[.:]/,
  /^\/*\[[\d.a-f]*:[\d.a-f]*:[\d.:a-f]*\](:\d+)?(\/|$)/iv,
  new RegExp(String.raw`^\/*www\.${NAME}+\p{L}[\p{L}\p{M}\d\-]+\.?(:\d+)?(\/|$)`, 'iv'),
  new RegExp(String.raw`^\/*(${NAME}*localhost|${IPV4}):\d+(\/|$)`, 'iv'),
  new RegExp(String.raw`^\/*${NAME}+\p{L}[\p{L}\p{M}\d\-]+\.?:\d{2,5}(\/|$)`, 'iv'),
];
/**
 * A URL if there is no slash before it, and an ordinary slug if there is one. A version number may look like an IP
 * address.
 */
const ADDRESS_WITHOUT_SLASH = [
  new RegExp(String.raw`^(${NAME}*localhost|${IPV4})(\/|$)`, 'iv'),
  new RegExp(String.raw`^(${NAME}+${TOP_LEVEL}\.?\/+[^\/]|${NAME}{2,}${TOP_LEVEL}\.?$)`, 'iv'),
];

/** The host name in the first part of a slug, as DNS spells it; null when it cannot be a full host name. */
export function hostInSlug(slug: string): string | null {
  const [first = ''] = slug.replace(/^\/+/, '').split('/', 1);
  const address = `http://${first}`;
  const host = URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, '') : '';
  return host.includes('.') ? host : null;
}

/** Whether a slug begins with a host: a text that looks like a URL, or a host of this service itself. */
function beginsWithHost(written: string): boolean {
  if ([...ADDRESS, ...ADDRESS_WITHOUT_SLASH].some((shape) => shape.test(written))) return true;
  const host = hostInSlug(written);
  return host !== null && ownHosts().includes(host);
}

const NAMES: Record<string, string> = {
  '\t': 'tab',
  '\n': 'line feed',
  '\r': 'carriage return',
  '\u00A0': 'no-break space',
  '\u00AD': 'soft hyphen',
  '\u034F': 'combining grapheme joiner',
  '\u061C': 'Arabic letter mark',
  '\u115F': 'Hangul filler',
  '\u1160': 'Hangul filler',
  '\u180E': 'Mongolian vowel separator',
  '\u200B': 'zero-width space',
  '\u200C': 'zero-width non-joiner',
  '\u200D': 'zero-width joiner',
  '\u200E': 'left-to-right mark',
  '\u200F': 'right-to-left mark',
  '\u2028': 'line separator',
  '\u2029': 'paragraph separator',
  '\u202A': 'left-to-right embedding',
  '\u202B': 'right-to-left embedding',
  '\u202C': 'pop directional formatting',
  '\u202D': 'left-to-right override',
  '\u202E': 'right-to-left override',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'pop directional isolate',
  '\u2800': 'blank Braille pattern',
  '\u3000': 'ideographic space',
  '\u3164': 'Hangul filler',
  '\uFE0E': 'variation selector',
  '\uFE0F': 'variation selector',
  '\uFEFF': 'byte order mark',
  '\uFFA0': 'Hangul filler',
};

/** An invisible character as people can look it up: `U+200B (zero-width space)`. */
function named(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[character];
  return name === undefined ? code : `${code} (${name})`;
}

/** Variation selectors belong to emoji, Han characters and some scripts. Elsewhere they change nothing. */
const PLACED_SELECTOR =
  /(?<=[\p{Extended_Pictographic}\p{scx=Han}\p{scx=Mongolian}\p{scx=Myanmar}\p{scx=Phags_Pa}])\p{Variation_Selector}|\p{Emoji_Keycap_Sequence}/gv;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/v;

/** A sentence about the first character that is not allowed in a slug. */
function characterProblem(slug: string): string | undefined {
  const visible = withoutJoiners(slug);
  const [space] = /[\s--\uFEFF]/v.exec(visible) ?? [];
  if (space === ' ') return 'must not contain spaces. Write - or _ instead';
  if (space !== undefined) return `must not contain ${named(space)}. Write - or _ instead of a space`;
  const [invisible] = INVISIBLE.exec(visible.replace(PLACED_SELECTOR, '')) ?? [];
  if (invisible !== undefined)
    return `must not contain the invisible character ${named(invisible)}. Delete it`;
  const [mark] = /[?#%\\]/.exec(visible) ?? [];
  if (mark === '\\') return 'must not contain \\. Write / between parts';
  if (mark !== undefined)
    return `must not contain ${mark}, which has a special meaning in a URL. Leave it out`;
  const [unknown] = /\p{C}/v.exec(visible) ?? [];
  return unknown && `must not contain ${named(unknown)}, which not every device can show. Delete it`;
}

/** What is wrong with a slug; undefined when nothing is. */
function problemOf(slug: string, written: string): string | undefined {
  if (beginsWithHost(written)) return HOLDS_HOST;
  if (/^\/{2,}$/.test(written))
    return 'must not consist of several slashes. Use a single / for the address without a path';
  if (slug.length > MAX_SLUG_LENGTH) return `must be at most ${MAX_SLUG_LENGTH} characters long`;
  if (/%[\da-f]{2}/i.test(slug)) return 'must not be percent-encoded. Write the characters themselves';
  const problem = characterProblem(slug);
  if (problem !== undefined) return problem;
  if (slug.includes('//')) return 'must not have an empty part. Write a single slash instead of several';
  if (!isSlug(slug)) return 'must not have . or .. as a part, because browsers drop such parts';
  if (isReservedPath(slug)) return `${slug} is used by the service itself. Choose another`;
  return undefined;
}

/**
 * A slug as a client may send it. The slash at its beginning may be missing, and slashes at its end are removed. Null
 * requests a random slug.
 */
export const slug = z
  .union([z.string(), z.null()], 'must be text that starts with /, such as /summer-sale')
  .transform((value, context) => {
    const written = value?.trim() ?? '';
    if (written === '') return null;
    const slug = slugOfPath(written.startsWith('/') ? written : `/${written}`);
    const problem = problemOf(slug, written);
    if (problem === undefined) return slug;
    context.addIssue(problem);
    return z.NEVER;
  });
