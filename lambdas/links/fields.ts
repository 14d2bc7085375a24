import * as z from 'zod';
import {
  clickLimit,
  flag,
  httpUrl,
  id,
  line,
  listOf,
  MAX_ID,
  optionalUrl,
  text,
  wholeNumber,
} from '../api/fields.ts';
import { moment } from '../api/moment.ts';
import { domainName } from '../domains/domain.ts';
import { hookLines } from '../hooks/hook.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import { CLICK_COUNTS, FIELD_NAMES, type Field, type FieldName, LINK_FIELDS, MAX_PAGE_SIZE } from './link.ts';
import { rules } from './rules/fields.ts';
import { slug } from './slug-field.ts';

// What the API accepts and returns for links: a schema for each kind of field in link.ts. They only check text.

/** The field of a kind. */
type FieldOf<K> = Extract<Field, { kind: K }>;

/** What a client may send in a field of each kind. */
const INPUT = {
  url: () => httpUrl,
  slug: () => slug,
  line: ({ max }: FieldOf<'line'>) => line(max),
  text: ({ max }: FieldOf<'text'>) => text(max),
  domain: () => domainName.nullable(),
  optionalUrl: () => optionalUrl,
  tagId: ({ shape, sentence }: FieldOf<'tagId'>) =>
    text(64)
      .transform((value) => value?.trim().toUpperCase() ?? null)
      .refine((value) => value === null || shape.test(value), sentence),
  moment: () => moment,
  clickLimit: () => clickLimit,
  flag: () => flag,
  rules: () => rules,
};

/** The kind of a field. */
export type KindOf<N extends FieldName> = (typeof LINK_FIELDS)[N]['kind'];
type InputShape = { [N in FieldName]: z.ZodOptional<ReturnType<(typeof INPUT)[KindOf<N>]>> };

/** A schema for each field, with its description in the API reference. */
export function shapeOf(schemaOf: (field: Field) => z.ZodType): Record<FieldName, z.ZodType> {
  const shape = FIELD_NAMES.map((name) => {
    return [name, schemaOf(LINK_FIELDS[name]).describe(DESCRIPTIONS[name])];
  });
  return Object.fromEntries(shape);
}

const inputOf = (field: Field) => (INPUT[field.kind] as (field: Field) => z.ZodType)(field).optional();

/**
 * The fields that a client may set. Fields that were not sent keep their value, or get their default. Unknown fields
 * are ignored.
 */
export const linkFieldsSchema = z.object({
  ...(shapeOf(inputOf) as InputShape),
  password: text(255)
    .optional()
    .describe('A password that visitors must enter. Send null to remove it, or leave it out to keep it.'),
  webhooks: hookLines()
    .optional()
    .describe('URLs that receive the clicks of this link: a list, or one per line. They replace the list.'),
});

export type LinkFields = z.infer<typeof linkFieldsSchema>;

const linkId = id('a link');

/** A link as clients send it. */
export const savedLinkSchema = linkFieldsSchema
  .extend({
    id: z
      .union([z.literal(''), z.null(), linkId], 'must be the id of a link, or blank to create a new one')
      .transform((value) => value || null)
      .optional()
      .describe('The link to change. Leave it out to create a link.'),
  })
  .meta({
    id: 'SavedLink',
    description: 'A link to create, or the fields of a link to change',
  });

const SORTS = ['id', 'name', 'inserted_at', ...CLICK_COUNTS] as const;

const SEARCH = z.string().default('').describe('A text in the name, the URL or the slug');

/** What a list may be asked for, in the query. */
export const listingSchema = z.object({
  search: SEARCH,
  page: wholeNumber(1_000_000, 1).default(1).describe('The number of the page, from 1'),
  page_size: wholeNumber(undefined, 1)
    .transform((size) => Math.min(size, MAX_PAGE_SIZE))
    .default(MAX_PAGE_SIZE)
    .describe(`The largest number of links on a page, at most ${MAX_PAGE_SIZE}. A larger one is lowered.`),
  sort_by: z
    .enum(SORTS, `must be one of ${SORTS.join(', ')}`)
    .default('id')
    .describe('The field that decides the order'),
  sort_dir: z
    .enum(['asc', 'desc'], 'must be asc or desc')
    .default('desc')
    .describe('The direction: asc is smallest or oldest first, desc is largest or newest first'),
  deleted: flag
    .transform((value) => value ?? false)
    .default(false)
    .describe('Whether to list the links in the trash instead'),
});

/** The query parameters of an export. */
export const exportSchema = z.object({
  format: z.enum(['json', 'csv'], 'must be json or csv').default('json').describe('The format of the export'),
  search: SEARCH,
  cursor: wholeNumber(MAX_ID, 0, 'must be the x-next-cursor of an answer')
    .optional()
    .describe('The x-next-cursor header of the previous answer. Leave it out to start.'),
});

/** The most links of one call. Each costs a few requests to the table. */
export const MAX_LINKS_PER_CALL = 100;

const IDS = {
  most: MAX_LINKS_PER_CALL,
  wrong: 'must be a list of ids',
  tooMany: `may name at most ${MAX_LINKS_PER_CALL} links`,
};
/** A form with a single id does not send a list. */
const asList = (value: unknown) =>
  typeof value === 'object' || value === undefined || value === '' ? value : [value];

/** The links to delete or to restore. */
export const idsSchema = z.object({
  ids: listOf(linkId, IDS, asList)
    .refine((list) => list.some((one) => one !== undefined), 'must name at least one link')
    .describe('The ids of the links'),
});
