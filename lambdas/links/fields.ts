import * as z from 'zod';
import { answeredId, time } from '../api/endpoint.ts';
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
import {
  CLICK_COUNTS,
  type ClickCounts,
  FIELD_NAMES,
  type Field,
  type FieldName,
  LINK_FIELDS,
  MAX_PAGE_SIZE,
  PASSWORD_MASK,
  type PublicLink,
} from './link.ts';
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

const nullableText = z.string().nullable();

/** A redirect rule in responses. */
const ruleAnswer = z
  .object({ what: z.string(), matches: nullableText, url: z.url(), percentage: z.int().exactOptional() })
  .meta({ id: 'Rule' });

/** What the API returns in a field of each kind. */
const ANSWER = {
  url: z.url(),
  slug: z.string(),
  line: nullableText,
  text: nullableText,
  domain: nullableText,
  optionalUrl: nullableText,
  tagId: nullableText,
  moment: time.nullable(),
  clickLimit: z.int().nullable(),
  flag: z.boolean(),
  rules: z.array(ruleAnswer),
};

type KindOf<N extends FieldName> = (typeof LINK_FIELDS)[N]['kind'];
type InputShape = { [N in FieldName]: z.ZodOptional<ReturnType<(typeof INPUT)[KindOf<N>]>> };
type AnswerShape = { [N in FieldName]: (typeof ANSWER)[KindOf<N>] };

/** A schema for each field, with its description in the API reference. */
function shapeOf(schemaOf: (field: Field) => z.ZodType): Record<FieldName, z.ZodType> {
  const shape = FIELD_NAMES.map((name) => {
    const field: Field = LINK_FIELDS[name];
    const schema = schemaOf(field);
    return [name, field.description ? schema.describe(field.description) : schema];
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
  password: text(255).optional(),
  webhooks: hookLines().optional(),
});

export type LinkFields = z.infer<typeof linkFieldsSchema>;

const linkId = id('a link');

/** A link as clients send it. */
export const savedLinkSchema = linkFieldsSchema.extend({
  id: z
    .union([z.literal(''), z.null(), linkId], 'must be the id of a link, or blank to create a new one')
    .transform((value) => value || null)
    .optional()
    .describe('The id of the link to change. Leave it out to create a link.'),
});

/** A link. */
const linkAnswer = z
  .object({
    id: answeredId,
    workspace_id: answeredId,
    ...(shapeOf(({ kind }) => ANSWER[kind]) as AnswerShape),
    inserted_at: time,
    updated_at: time,
    full_url: z.url(),
    password: z.literal(PASSWORD_MASK).nullable().describe('Stands for the current password'),
  })
  .meta({ id: 'Link' }) satisfies z.ZodType<PublicLink>;

/** A link with the URLs of its webhooks. */
export const linkWithHooksAnswer = linkAnswer
  .extend({ webhooks: z.array(z.url()) })
  .meta({ id: 'LinkWithWebhooks' });

const count = z.int().nonnegative();
const counts = Object.fromEntries(CLICK_COUNTS.map((name) => [name, count])) as Record<
  keyof ClickCounts,
  typeof count
>;

/** A link with its click counts. */
export const countedLinkAnswer = linkAnswer.extend(counts).meta({ id: 'CountedLink' });

/** A page of a list. */
export const linkListAnswer = z
  .object({
    links: z.array(countedLinkAnswer),
    page_number: count,
    page_size: count,
    total_entries: count,
    total_pages: count,
    total_rows: count,
    workspace_link_count: count,
  })
  .meta({ id: 'LinkList' });

const SORTS = ['id', 'name', 'inserted_at', 'clicks_total'] as const;

/** The query parameters of a list. */
export const listingSchema = z.object({
  search: z.string().default(''),
  page: wholeNumber(1_000_000, 1).default(1).describe('Default: the first page'),
  page_size: wholeNumber(MAX_PAGE_SIZE, 1).default(MAX_PAGE_SIZE).describe(`Default: ${MAX_PAGE_SIZE}`),
  sort_by: z.enum(SORTS, `must be one of ${SORTS.join(', ')}`).default('id'),
  sort_dir: z.enum(['asc', 'desc'], 'must be asc or desc').default('desc'),
  deleted: flag
    .transform((value) => value ?? false)
    .default(false)
    .describe('Whether to list the links in the trash'),
});

/** The query parameters of an export. */
export const exportSchema = z.object({
  format: z.enum(['json', 'csv'], 'must be json or csv').default('json'),
  search: z.string().default(''),
  cursor: wholeNumber(MAX_ID, 0, 'must be the x-next-cursor header of a response').optional(),
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

/** The links to delete. */
export const deletionSchema = z.object({
  ids: listOf(linkId, IDS, asList).refine(
    (list) => list.some((one) => one !== undefined),
    'must name at least one link',
  ),
});
