import * as z from 'zod';
import { answeredId, time } from '../api/endpoint.ts';
import { type KindOf, shapeOf } from './fields.ts';
import {
  type CLICK_COUNTS,
  type ClickCounts,
  COUNTED_DAYS,
  type FieldName,
  MAX_PAGE_SIZE,
  newLink,
  PASSWORD_MASK,
  type PublicLink,
  publicLink,
} from './link.ts';

// What the API returns for links: a schema for each kind of field in link.ts, and the links that consist of them.

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

type AnswerShape = { [N in FieldName]: (typeof ANSWER)[KindOf<N>] };

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

const hooks = { webhooks: z.array(z.url()).describe('URLs that receive the clicks of this link') };
const HOOKS_EXAMPLE = { webhooks: ['https://example.com/webhook'] };
const SAVED_EXAMPLE = { ...EXAMPLE, ...HOOKS_EXAMPLE };

/** A link with the URLs of its webhooks. */
export const linkWithHooksAnswer = linkAnswer.extend(hooks).meta({
  id: 'LinkWithWebhooks',
  description: 'A short link with its webhooks',
  examples: [SAVED_EXAMPLE],
});

/** A saved link of many, as clients read it that look at the result of each. */
export const savedOneAnswer = linkWithHooksAnswer
  .extend({
    status: z.literal('success').describe('Says that this link is saved'),
    link: linkWithHooksAnswer.describe('The saved link again, for clients that read it here'),
  })
  .meta({
    id: 'SavedOne',
    description: 'A link that was saved together with others',
    examples: [{ ...SAVED_EXAMPLE, status: 'success', link: SAVED_EXAMPLE }],
  });

const count = (description: string) => z.int().nonnegative().describe(description);
const IN_UTC = { today: 'of today, in UTC', previous: 'of yesterday, in UTC' };
const THIRTY_DAYS = 'of the last 30 days, today included, in UTC';
const counts = {
  clicks_total: count('All recorded clicks'),
  clicks_today: count(`Recorded clicks ${IN_UTC.today}`),
  clicks_previous_day: count(`Recorded clicks ${IN_UTC.previous}`),
  clicks_thirty_days: count(`Recorded clicks ${THIRTY_DAYS}`),
  human_clicks_total: count('All recorded clicks by people'),
  human_clicks_today: count(`Recorded clicks by people ${IN_UTC.today}`),
  human_clicks_previous_day: count(`Recorded clicks by people ${IN_UTC.previous}`),
  human_clicks_thirty_days: count(`Recorded clicks by people ${THIRTY_DAYS}`),
} satisfies Record<(typeof CLICK_COUNTS)[number], z.ZodType>;
const sparkline = z
  .array(z.int().nonnegative())
  .length(COUNTED_DAYS)
  .describe('Recorded clicks by people of each of these 30 days, the oldest first and today last');

const COUNTS_EXAMPLE = {
  clicks_total: 42,
  clicks_today: 3,
  clicks_previous_day: 1,
  clicks_thirty_days: 12,
  human_clicks_total: 40,
  human_clicks_today: 2,
  human_clicks_previous_day: 1,
  human_clicks_thirty_days: 10,
};
const COUNTED_EXAMPLE = {
  ...EXAMPLE,
  ...COUNTS_EXAMPLE,
  sparkline: [...Array(COUNTED_DAYS - 3).fill(0), 7, 1, 2],
};

/** A link in lists, with its counts of clicks. */
export const countedLinkAnswer = linkAnswer.extend({ ...counts, sparkline }).meta({
  id: 'CountedLink',
  description: 'A short link with the numbers of its clicks',
  examples: [COUNTED_EXAMPLE],
}) satisfies z.ZodType<PublicLink & ClickCounts>;

/** A link with its webhooks and its counts of clicks. */
export const wholeLinkAnswer = countedLinkAnswer.extend(hooks).meta({
  id: 'WholeLink',
  description: 'A short link with its webhooks and the numbers of its clicks',
  examples: [{ ...COUNTED_EXAMPLE, ...HOOKS_EXAMPLE }],
});

/** A link in exports. */
export const exportedLinkAnswer = linkAnswer
  .extend({ ...counts, clicks_count: count('The same as clicks_total, under another name') })
  .meta({
    id: 'ExportedLink',
    description: 'A short link with the numbers of its clicks',
    examples: [{ ...EXAMPLE, ...COUNTS_EXAMPLE, clicks_count: COUNTS_EXAMPLE.clicks_total }],
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

const ids = (description: string) => z.array(z.int()).describe(description);
const moved = {
  message: z.string().describe('A sentence for people'),
  not_found: ids('The ids that no link of the workspace has'),
};

/** The result of moving links to the trash. */
export const trashedAnswer = z.object({
  ...moved,
  deleted: ids('The ids of the links that are in the trash now'),
});

/** The result of restoring links. */
export const restoredAnswer = z.object({
  ...moved,
  restored: ids('The ids of the links that are in use now'),
});
