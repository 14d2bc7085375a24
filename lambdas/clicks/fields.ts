import * as z from 'zod';
import { flag, id, wholeNumber } from '../api/fields.ts';
import { isTimeZone } from './buckets.ts';
import type { Bots } from './fold.ts';
import { ULID } from './identity.ts';
import { UTM_NAMES } from './log-entry.ts';

/** The earliest day that a report can start at. Clients ask for everything since 2000. */
const FIRST_DATE = '2000-01-01';
const LAST_DATE = '2099-12-31';

/** `YYYY-MM-DD`, or the beginning of a time in ISO 8601. */
const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T.*)?$/, 'must be a date, such as 2027-01-31')
  .transform((text) => text.slice(0, 10))
  .refine((text) => isDate(text), 'must be a date, such as 2027-01-31')
  .refine(
    (text) => text >= FIRST_DATE && text <= LAST_DATE,
    `must be a date from ${FIRST_DATE} to ${LAST_DATE}`,
  );

function isDate(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** Link ids with hyphens, commas or spaces between them. */
const linkIds = z
  .string()
  .trim()
  .regex(
    /^\d{1,15}([-,\s]+\d{1,15})*$/,
    'must be ids of links with commas or hyphens between them, such as 1,2',
  )
  .transform((text) => text.split(/[-,\s]+/).map((number) => String(Number(number))))
  .refine((ids) => ids.length <= 1_000, 'must be at most 1,000 ids');

/** Whether clicks of bots count: a word, or a flag. */
const bots = z
  .string()
  .transform((text, context): Bots => {
    const word = text.trim().toLowerCase();
    if (word === 'include' || word === 'exclude' || word === 'only') return word;
    const { success, data } = flag.safeParse(word);
    if (success) return data === false ? 'exclude' : 'include';
    context.addIssue('must be true, false, include, exclude or only');
    return z.NEVER;
  })
  .meta({ enum: ['true', 'false', 'include', 'exclude', 'only'] });

/** Visitors cannot be told apart, because no address is stored. */
const UNIQUE =
  'must be false. Unique visitors are not counted, because Clickhook stores no addresses to tell visitors apart';

const value = (what: string, example: string) =>
  z
    .string()
    .max(2_048)
    .optional()
    .describe(`Only clicks with ${what}`)
    .meta({ examples: [example] });

/** Which clicks a report is about. Every parameter is optional. */
export const filterShape = {
  start: date.optional().describe('The first day; 30 days ago by default'),
  end: date.optional().describe('The last day, included; today by default'),
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone of the IANA database, such as Europe/Berlin')
    .default('UTC')
    .describe('The time zone of the days and hours'),
  link_id: id('a link').optional().describe('Only clicks of this link'),
  link_ids: linkIds
    .optional()
    .describe('Only clicks of these links, with commas or hyphens between their ids'),
  bots: bots
    .default('include')
    .describe(
      'Clicks of bots: `true` or `include` counts them, `false` or `exclude` leaves them out, `only` counts no others',
    ),
  unique: flag
    .refine((yes) => yes !== true, UNIQUE)
    .optional()
    .describe('Only `false`: visitors are not told apart, because no address is stored'),
  country: value('this country, an ISO 3166-1 alpha-2 code', 'DE').transform((code) => code?.toUpperCase()),
  platform: value('this platform', 'ios'),
  browser: value('this browser', 'Safari'),
  bot_name: value('this bot', 'Googlebot'),
  referer: value('this host in the referrer', 'news.example.com').transform((host) => host?.toLowerCase()),
  isp: value('this network', 'Example Network'),
  destination: value('this destination', 'https://example.com/landing-page'),
  ...(Object.fromEntries(UTM_NAMES.map((name) => [name, value(`this \`${name}\``, 'newsletter')])) as Record<
    (typeof UTM_NAMES)[number],
    ReturnType<typeof value>
  >),
};

export const seriesSchema = z.object({
  ...filterShape,
  frequency: z.enum(['day', 'hour'], 'must be day or hour').default('day').describe('The length of a bucket'),
  format: z.enum(['json', 'csv', 'tsv'], 'must be json, csv or tsv').default('json').describe('The format'),
  pivot: z
    .enum(['link_id'], 'must be link_id')
    .optional()
    .describe('With `link_id`, `y` has the number of clicks of each link, by its id'),
});

export const countersSchema = z.object({
  ...filterShape,
  format: z.enum(['json', 'csv', 'tsv'], 'must be json, csv or tsv').default('json').describe('The format'),
});

export const MAX_EXPORTED = 10_000;

export const exportSchema = z.object({
  ...filterShape,
  end: date.optional().describe('The last day, included; yesterday by default'),
  format: z.enum(['json', 'csv'], 'must be json or csv').default('json').describe('The format'),
  page_size: wholeNumber(Number.MAX_SAFE_INTEGER, 1)
    .transform((size) => Math.min(size, MAX_EXPORTED))
    .default(MAX_EXPORTED)
    .describe(`The most clicks of an answer; at most ${MAX_EXPORTED}`),
  cursor: z
    .string()
    .regex(ULID, 'must be the value of the header x-next-cursor of the answer before')
    .optional()
    .describe('Continues an export: the value of the header `x-next-cursor` of the answer before'),
});

export type FilterInput = z.output<z.ZodObject<typeof filterShape>>;
