import * as z from 'zod';
import { MAX_PAGE_SIZE } from '../core/large-links.ts';

const SORTS = ['id', 'name', 'inserted_at', 'clicks_total'] as const;
const wholeNumber = (max: number) => {
  const sentence = `must be a whole number from 1 to ${max}`;
  return z.coerce.number(sentence).int(sentence).min(1, sentence).max(max, sentence);
};

/** What a list may be asked for, in the query. */
export const listingSchema = z.object({
  search: z.string().default(''),
  page: wholeNumber(1_000_000).default(1),
  page_size: wholeNumber(MAX_PAGE_SIZE).default(MAX_PAGE_SIZE),
  sort_by: z.enum(SORTS, `must be one of ${SORTS.join(', ')}`).default('id'),
  sort_dir: z.enum(['asc', 'desc'], 'must be asc or desc').default('desc'),
  deleted: z.enum(['true', 'false'], 'must be true or false').default('false'),
});

/** What an export may be asked for, in the query. */
export const exportSchema = z.object({
  format: z.enum(['json', 'csv'], 'must be json or csv').default('json'),
  search: z.string().default(''),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the x-next-cursor of an answer')
    .transform(Number)
    .optional(),
});

/** Most links that one call takes: each costs a few requests to the table. */
export const MAX_LINKS_PER_CALL = 100;

/**
 * Most new passwords of one call. Hashing one takes 0.17 s of a whole processor, and a function of 512 MB has 0.29 of
 * one: ten take 6 s of the 10 s that a call has.
 */
export const MAX_PASSWORDS_PER_CALL = 10;

const id = z.coerce.number().int().positive();

/** Which links to delete. */
export const deletionSchema = z.object({
  ids: z
    .array(id, 'must be a list of ids')
    .min(1, 'must name at least one link')
    .max(MAX_LINKS_PER_CALL, `may name at most ${MAX_LINKS_PER_CALL} links`),
});
