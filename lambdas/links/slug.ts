import { randomInt } from 'node:crypto';
import { withoutJoiners } from '../joiners.ts';

const RESERVED_SEGMENTS = new Set([
  'api',
  'app',
  'docs',
  'inbox',
  'robots.txt',
  'favicon.ico',
  '.well-known',
]);

/** Whether a path belongs to the service itself and can never be a slug. */
export function isReservedPath(path: string): boolean {
  return RESERVED_SEGMENTS.has(path.split('/', 2)[1] ?? '');
}

/** The most characters of a slug, in UTF-16 units after NFC. With any domain it fits into a table key. */
export const MAX_SLUG_LENGTH = 255;

/** A segment contains no spaces, no control or format characters and no characters with a special meaning in a URL. */
const SEGMENTS = /^(\/|(\/[^\s\/?#%\\\p{C}]+)+)$/v;
/**
 * The characters of nearly all slugs. Only other slugs need the other pattern, which takes a millisecond to compile.
 */
const PLAIN = /^(\/|(\/[\w.~!$&'()*+,;=:@-]+)+)$/;

/** Browsers remove these segments from an address before they request it. */
const DOT_SEGMENT = /\/\.{1,2}(\/|$)/;

/** Whether a text has the form of a slug. Reserved slugs have it too. */
export function isSlug(text: string): boolean {
  if (text.length > MAX_SLUG_LENGTH || DOT_SEGMENT.test(text)) return false;
  return PLAIN.test(text) || SEGMENTS.test(withoutJoiners(text));
}

/** The slug that a path stands for: without slashes at its end, and in the spelling that is stored. */
export function slugOfPath(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end).normalize('NFC');
}

// Without 0/o and 1/l/i, because people read slugs aloud and copy them from print.
const SLUG_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const AUTO_SLUG_LENGTH = 7;

/** A random slug of 7 characters without look-alikes. There are 31^7, about 27 billion. */
export function randomSlug(): string {
  return `/${Array.from({ length: AUTO_SLUG_LENGTH }, () => SLUG_ALPHABET[randomInt(SLUG_ALPHABET.length)]).join('')}`;
}
