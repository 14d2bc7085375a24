import * as z from 'zod';
import { isReservedPath } from './slug.ts';

// A segment holds no blanks, no control characters and nothing that a URL gives a meaning of its own.
const SLUG = /^(\/|(\/[^\s/?#%\\\p{C}]+)+)$/u;
/** A slug as a client may choose it; null asks for a drawn one. */
export const slug = z
  .union([z.string(), z.null()], 'must be a text that starts with /, such as /summer-sale')
  .transform((value) => (value === null || value.trim() === '' ? null : value.trim().normalize('NFC')))
  .transform((value) => (value === null || value.startsWith('/') ? value : `/${value}`))
  .superRefine((value, context) => {
    if (value === null) return;
    if (value.length > 255) context.addIssue('must be at most 255 characters long');
    if (!SLUG.test(value) || /\/\.{1,2}(\/|$)/.test(value)) {
      context.addIssue('may hold letters, digits, marks such as - _ . ~ and single slashes between parts');
    }
    if (isReservedPath(value)) context.addIssue(`${value} is used by the service itself: choose another`);
  });
