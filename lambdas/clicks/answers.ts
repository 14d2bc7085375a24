import * as z from 'zod';
import { UTM_NAMES } from './log-entry.ts';

// What reports answer, for the API reference.

const text = z.string().nullable();

export const seriesAnswer = z
  .object({
    traffic: z
      .array(
        z.object({
          t: z
            .string()
            .describe('The day (`2027-01-31`) or the hour (`2027-01-31T12:00:00`) in the time zone'),
          y: z
            .union([z.int(), z.record(z.string(), z.int())])
            .describe('The number of clicks; with `pivot`, the number of each link by its id'),
        }),
      )
      .describe('Every day or hour of the span, ascending'),
    links: z
      .array(
        z.object({
          id: z.int().describe('The id of the link'),
          name: text.describe('The name of the link'),
          full_url: text.describe('The short link; null for a link that no longer exists'),
        }),
      )
      .optional()
      .describe('With `pivot`: the links that were clicked'),
  })
  .meta({
    id: 'ClickSeries',
    description: 'Clicks by day or hour',
    examples: [{ traffic: [{ t: '2027-01-31', y: 12 }] }],
  });

export const countersAnswer = z
  .object({
    total: z.int().describe('The number of clicks, also of values that are not listed'),
    values: z
      .array(
        z.object({
          value: text.describe('The value; null for clicks without one'),
          count: z.int().describe('The number of clicks'),
        }),
      )
      .describe('The values with the most clicks, at most 10,000, in descending order'),
  })
  .meta({
    id: 'ClickCounters',
    description: 'Clicks by the values of a counter',
    examples: [
      {
        total: 3,
        values: [
          { value: 'DE', count: 2 },
          { value: null, count: 1 },
        ],
      },
    ],
  });

export const exportedClick = z
  .object({
    id: z.string().describe('The id of the click, a ULID: `click.id` of its webhooks'),
    link_id: z.int().describe('The id of the link'),
    timestamp: z.string().describe('When the click happened: UTC, with microseconds'),
    country: text.describe('ISO 3166-1 alpha-2 code'),
    platform: text.describe('As in the payload'),
    browser: text.describe('As `browser_name` in the payload'),
    bot: text.describe('The name of the bot; null for a person'),
    referer: text.describe('The referrer without its query'),
    isp: text.describe('The network of the visitor'),
    url: text.describe('Where the click went; null if that was the URL of a link that no longer exists'),
    rule: z.int().nullable().describe('The rule of the link that chose the destination, counted from 1'),
    ...(Object.fromEntries(
      UTM_NAMES.map((name) => [
        name,
        text.describe('The campaign parameter of the click or its destination'),
      ]),
    ) as Record<(typeof UTM_NAMES)[number], typeof text>),
    params: z.record(z.string(), z.unknown()).describe('The query parameters of the click'),
    shortened: z.boolean().describe('Whether long values were cut off when the click was stored'),
  })
  .meta({
    id: 'ExportedClick',
    description: 'A click of the log',
    examples: [
      {
        id: '01JHMQ0GXR8J8X8J8X8J8X8J8X',
        link_id: 1,
        timestamp: '2027-01-31T12:00:00.123456Z',
        country: 'DE',
        platform: 'ios',
        browser: 'Safari',
        bot: null,
        referer: 'https://news.example.com/',
        isp: 'Example Network',
        url: 'https://example.com/landing-page',
        rule: null,
        utm_source: 'newsletter',
        utm_medium: null,
        utm_campaign: null,
        utm_term: null,
        utm_content: null,
        params: { utm_source: 'newsletter' },
        shortened: false,
      },
    ],
  });
