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
import { DESCRIPTIONS } from './descriptions.ts';
import {
  CLICK_COUNTS,
  type ClickCounts,
  FIELD_NAMES,
  type Field,
  type FieldName,
  LINK_FIELDS,
  MAX_PAGE_SIZE,
  newLink,
  PASSWORD_MASK,
  type PublicLink,
  publicLink,
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
const RULE_EXAMPLE = { what: 'country', matches: 'US', url: 'https://example.com/us' };

/** A redirect rule in responses. */
const ruleAnswer = z
  .object({
    what: z.string().describe('What the rule looks at, such as country'),
    matches: nullableText.describe('The values that match, separated by commas; null for a rotator'),
    url: z.url().describe('The destination of clicks that match'),
    percentage: z.int().exactOptional().describe('Only rotators: the share of clicks, in percent'),
  })
  .meta({ id: 'Rule', description: 'A rule that sends some visitors elsewhere', examples: [RULE_EXAMPLE] });

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

const EXAMPLE = publicLink(
  newLink(
    { id: 2, workspace_id: 1, slug: '/sale', url: 'https://example.com/landing-page' },
    { name: 'Sale', utm_source: 'newsletter', rules: [RULE_EXAMPLE] },
    '2027-01-31T12:00:00Z',
  ),
  'https://go.example.com',
);

/** A link. */
const linkAnswer = z
  .object({
    id: answeredId,
    workspace_id: answeredId,
    ...(shapeOf(({ kind }) => ANSWER[kind]) as AnswerShape),
    inserted_at: time.describe('When the link was created, in UTC'),
    updated_at: time.describe('When the link was changed, in UTC'),
    full_url: z.url().describe('The short link'),
    password: z
      .literal(PASSWORD_MASK)
      .nullable()
      .describe('Asterisks when a password is set, otherwise null. The password itself is never returned.'),
  })
  .meta({ id: 'Link', description: 'A short link', examples: [EXAMPLE] }) satisfies z.ZodType<PublicLink>;

/** A link with the URLs of its webhooks. */
export const linkWithHooksAnswer = linkAnswer
  .extend({ webhooks: z.array(z.url()).describe('URLs that receive the clicks of this link') })
  .meta({
    id: 'LinkWithWebhooks',
    description: 'A short link with its webhooks',
    examples: [{ ...EXAMPLE, webhooks: ['https://example.com/webhook'] }],
  });

const count = (description: string) => z.int().nonnegative().describe(description);
const COUNTS: Record<keyof ClickCounts, string> = {
  clicks_total: 'All recorded clicks',
  clicks_today: 'Recorded clicks of today, in UTC',
  clicks_thirty_days: 'Recorded clicks of the last 30 days, today included, in UTC',
  human_clicks_total: 'All recorded clicks by people',
  human_clicks_today: 'Recorded clicks by people of today, in UTC',
  human_clicks_thirty_days: 'Recorded clicks by people of the last 30 days, today included, in UTC',
};
const counts = Object.fromEntries(CLICK_COUNTS.map((name) => [name, count(COUNTS[name])])) as Record<
  keyof ClickCounts,
  z.ZodInt
>;
const COUNTED_EXAMPLE = {
  ...EXAMPLE,
  ...Object.fromEntries(CLICK_COUNTS.map((name) => [name, name.startsWith('human') ? 40 : 42])),
};

/** A link with its counts of clicks. */
export const countedLinkAnswer = linkAnswer.extend(counts).meta({
  id: 'CountedLink',
  description: 'A short link with the numbers of its clicks',
  examples: [COUNTED_EXAMPLE],
});

/** A page of a list. */
export const linkListAnswer = z
  .object({
    links: z.array(countedLinkAnswer).describe('The links of this page'),
    page_number: count('The number of this page, from 1'),
    page_size: count('The largest number of links on a page'),
    total_entries: count('The number of links that match'),
    total_pages: count('The number of pages'),
    total_rows: count('The number of links that match'),
    workspace_link_count: count('The number of all links of the workspace'),
  })
  .meta({
    id: 'LinkList',
    description: 'A page of links',
    examples: [
      {
        links: [COUNTED_EXAMPLE],
        page_number: 1,
        page_size: MAX_PAGE_SIZE,
        total_entries: 1,
        total_pages: 1,
        total_rows: 1,
        workspace_link_count: 1,
      },
    ],
  });

const SORTS = ['id', 'name', 'inserted_at', 'clicks_total'] as const;

const SEARCH = z.string().default('').describe('A text in the name, the URL or the slug');

/** What a list may be asked for, in the query. */
export const listingSchema = z.object({
  search: SEARCH,
  page: wholeNumber(1_000_000, 1).default(1).describe('The number of the page, from 1'),
  page_size: wholeNumber(MAX_PAGE_SIZE, 1)
    .default(MAX_PAGE_SIZE)
    .describe('The largest number of links on a page'),
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

/** The links to delete. */
export const deletionSchema = z.object({
  ids: listOf(linkId, IDS, asList)
    .refine((list) => list.some((one) => one !== undefined), 'must name at least one link')
    .describe('The ids of the links'),
});
