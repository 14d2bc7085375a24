import * as z from 'zod';
import { isReservedPath, isSlug, MAX_SLUG_LENGTH, slugOfPath } from './slug.ts';

/** Somebody who pastes a whole address, or a host with it. Behind a slash a name with dots is an ordinary slug. */
const ADDRESS_INSTEAD = [
  /^\/*https?:\//i,
  /^\/*localhost:\d+(\/|$)/i,
  /^\/*[\w-]+(\.[\w-]+)*\.[a-z]{2,}:\d{2,5}(\/|$)/i,
  /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}\/+[^/]/i,
  /^localhost(\/|$)/i,
];

/** What is wrong with a slug; undefined when nothing is. */
function problemOf(slug: string, written: string): string | undefined {
  if (ADDRESS_INSTEAD.some((shape) => shape.test(written))) {
    return 'must not contain a host name: send only the path, such as /summer-sale, and the host name as domain';
  }
  if (/^\/{2,}$/.test(written)) return 'must not consist of slashes: / alone is the address without a path';
  if (slug.length > MAX_SLUG_LENGTH) return `must be at most ${MAX_SLUG_LENGTH} characters long`;
  if (/%[\da-f]{2}/i.test(slug)) return 'must not be percent-encoded: write the characters themselves';
  if (!isSlug(slug)) {
    return 'may hold letters, digits, marks such as - _ . ~ and single slashes between parts';
  }
  if (isReservedPath(slug)) return `${slug} is used by the service itself: choose another`;
  return undefined;
}

/** A slug as a client may choose it: a slash at its beginning may be missing, those at its end are cut. Null asks for a drawn one. */
export const slug = z
  .union([z.string(), z.null()], 'must be a text that starts with /, such as /summer-sale')
  .transform((value, context) => {
    const written = value?.trim() ?? '';
    if (written === '') return null;
    const slug = slugOfPath(written.startsWith('/') ? written : `/${written}`);
    const problem = problemOf(slug, written);
    if (problem === undefined) return slug;
    context.addIssue(problem);
    return z.NEVER;
  });
