import { randomInt } from 'node:crypto';

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

// No 0/o, 1/l/i: people read slugs aloud and copy them from print.
const SLUG_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const AUTO_SLUG_LENGTH = 7;

/** A random slug of 7 characters without look-alikes: 31^7, about 27 billion. */
export function randomSlug(): string {
  return `/${Array.from({ length: AUTO_SLUG_LENGTH }, () => SLUG_ALPHABET[randomInt(SLUG_ALPHABET.length)]).join('')}`;
}
