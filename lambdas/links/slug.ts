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

/** Most characters of a slug, in UTF-16 units after NFC: with any domain it fits into a key of the table. */
export const MAX_SLUG_LENGTH = 255;

/** A segment holds no blanks, no control or format characters and nothing that a URL gives a meaning of its own. */
const SEGMENTS = /^(\/|(\/[^\s\/?#%\\\p{C}]+)+)$/v;
/** What nearly all slugs are made of. The other pattern is compiled, which takes a millisecond, for the rest alone. */
const PLAIN = /^(\/|(\/[\w.~!$&'()*+,;=:@-]+)+)$/;

/** Browsers take these out of an address before they ask for it. */
const DOT_SEGMENT = /\/\.{1,2}(\/|$)/;

/** Whether a text has the form of a slug. Reserved ones have it too. */
export function isSlug(text: string): boolean {
  if (text.length > MAX_SLUG_LENGTH || DOT_SEGMENT.test(text)) return false;
  return PLAIN.test(text) || SEGMENTS.test(withoutJoiners(text));
}

/** The slug that a path stands for: without slashes at its end, which no slug has, and in the spelling that is stored. */
export function slugOfPath(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end).normalize('NFC');
}

// No 0/o, 1/l/i: people read slugs aloud and copy them from print.
const SLUG_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const AUTO_SLUG_LENGTH = 7;

/** A random slug of 7 characters without look-alikes: 31^7, about 27 billion. */
export function randomSlug(): string {
  return `/${Array.from({ length: AUTO_SLUG_LENGTH }, () => SLUG_ALPHABET[randomInt(SLUG_ALPHABET.length)]).join('')}`;
}
