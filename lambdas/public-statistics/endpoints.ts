import * as z from 'zod';
import { entity, json } from '../api/endpoint.ts';
import { REPORT_GRANTS, REPORT_MEMORY_MB } from '../clicks/endpoints.ts';
import { STATISTICS_PAGE_PATH, STATISTICS_PATH } from './address.ts';

const counted = z
  .array(
    z.object({
      value: z.string().nullable().describe('The value; null for clicks without one'),
      count: z.int().describe('The number of clicks of people'),
    }),
  )
  .describe('The values with the most clicks of people, at most 20, in descending order');

const people = z.int().describe('The number of clicks of people');
const bots = z.int().describe('The number of clicks of bots');
const day = (description: string) => z.iso.date().describe(description);

const statisticsAnswer = z
  .object({
    start: day('The first day, 30 days ago (UTC)'),
    end: day('Today (UTC)'),
    totals: z.object({ people, bots }).describe('The clicks of all days'),
    days: z
      .array(z.object({ t: day('The day (UTC)'), people, bots }))
      .describe('Every day, ascending, also those without clicks'),
    countries: counted,
    platforms: counted,
    browsers: counted,
    referrers: counted,
  })
  .meta({
    id: 'PublicStatistics',
    description: 'The clicks of a link in the last 30 days and today',
    examples: [
      {
        start: '2027-01-01',
        end: '2027-01-31',
        totals: { people: 3, bots: 1 },
        days: [{ t: '2027-01-31', people: 3, bots: 1 }],
        countries: [{ value: 'DE', count: 3 }],
        platforms: [{ value: 'ios', count: 3 }],
        browsers: [{ value: 'Safari', count: 3 }],
        referrers: [
          { value: 'news.example', count: 2 },
          { value: null, count: 1 },
        ],
      },
    ],
  });

/** The statistics of a link, as the API answers them. */
export type Statistics = z.infer<typeof statisticsAnswer>;

const querySchema = z.object({
  slug: z
    .string()
    .describe('The slug of the link, such as `/sale`. The host of the request is that of the short link.'),
});

/** The statistics of links with `public_analytics`, for everyone. */
export const publicStatistics = entity({
  folder: 'public-statistics',
  prefix: 'Public',
  endpoints: {
    statistics: {
      routes: {
        [`GET ${STATISTICS_PATH}`]: {
          operationId: 'getPublicStatistics',
          summary: 'Read the public statistics of a link',
        },
        [`GET ${STATISTICS_PAGE_PATH}`]: { summary: 'Show the public statistics of a link' },
        [`HEAD ${STATISTICS_PAGE_PATH}`]: { summary: 'Show the public statistics of a link' },
      },
      access: 'everybody',
      description: 'Shows the public statistics of links',
      grants: [{ actions: ['GetItem'], keys: ['SLUG#*'] }],
      clickItems: REPORT_GRANTS,
      host: true,
      throttle: { perSecond: 5, burst: 10 },
      memorySize: REPORT_MEMORY_MB,
      timeoutSeconds: 20,
      reference: {
        tag: 'Clicks',
        description:
          'Needs no key. Returns the clicks of a link that has `public_analytics`, of people and bots apart, and nothing else about the link. Send the request to the host of the short link. Any other link is a 404, also one that is disabled or in the trash. The numbers are up to two minutes old. If the clicks are too many to count, or everyone together asks too often, the answer is a 503 with `retry-after`.',
        query: querySchema,
        queryExample: { slug: '/hello' },
        answers: { 200: json('The statistics', statisticsAnswer) },
      },
    },
  },
});
