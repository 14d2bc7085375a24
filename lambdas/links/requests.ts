import * as z from 'zod';
import { flag, id, listOf, MAX_ID, wholeNumber } from '../api/fields.ts';
import { linkFieldsSchema } from './fields.ts';
import { MAX_PAGE_SIZE } from './large-links.ts';

const SORTS = ['id', 'name', 'inserted_at', 'clicks_total'] as const;

/** What a list may be asked for, in the query. */
export const listingSchema = z.object({
  search: z.string().default(''),
  page: wholeNumber(1_000_000, 1).default(1).describe('The first page by default'),
  page_size: wholeNumber(MAX_PAGE_SIZE, 1).default(MAX_PAGE_SIZE).describe(`${MAX_PAGE_SIZE} by default`),
  sort_by: z.enum(SORTS, `must be one of ${SORTS.join(', ')}`).default('id'),
  sort_dir: z.enum(['asc', 'desc'], 'must be asc or desc').default('desc'),
  deleted: flag
    .transform((value) => value ?? false)
    .default(false)
    .describe('Whether to list the trash'),
});

/** What an export may be asked for, in the query. */
export const exportSchema = z.object({
  format: z.enum(['json', 'csv'], 'must be json or csv').default('json'),
  search: z.string().default(''),
  cursor: wholeNumber(MAX_ID, 0, 'must be the x-next-cursor of an answer').optional(),
});

const linkId = id('a link');

/** A link as clients send it. */
export const savedLinkSchema = linkFieldsSchema.extend({
  id: z
    .union([z.literal(''), z.null(), linkId], 'must be the id of a link, or blank for a new one')
    .transform((value) => value || null)
    .optional()
    .describe('The link to change; leave it out to create a link'),
});

/** Most links that one call takes: each costs a few requests to the table. */
export const MAX_LINKS_PER_CALL = 100;

/**
 * Most new passwords of one call. Hashing one takes 0.17 s of a whole processor, and a function of 512 MB has 0.29 of
 * one: ten take 6 s of the 10 s that a call has.
 */
export const MAX_PASSWORDS_PER_CALL = 10;

const IDS = {
  most: MAX_LINKS_PER_CALL,
  wrong: 'must be a list of ids',
  tooMany: `may name at most ${MAX_LINKS_PER_CALL} links`,
};
/** A form with one id sends no list. */
const asList = (value: unknown) =>
  typeof value === 'object' || value === undefined || value === '' ? value : [value];

/** Which links to delete. */
export const deletionSchema = z.object({
  ids: listOf(linkId, IDS, asList).refine(
    (list) => list.some((one) => one !== undefined),
    'must name at least one link',
  ),
});
