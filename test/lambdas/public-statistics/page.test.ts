import { describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import type { Statistics } from '../../../lambdas/public-statistics/endpoints.ts';
import { statisticsPage } from '../../../lambdas/public-statistics/page.ts';
import { type Page, sourceOf } from '../../../lambdas/redirect/html.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(1)'>\u0000\u202e]]>`;

/** Statistics of three days, with these values. */
function statistics(fields: Partial<Statistics> = {}): Statistics {
  return {
    start: '2027-01-29',
    end: '2027-01-31',
    totals: { people: 1_234, bots: 1 },
    days: [
      { t: '2027-01-29', people: 1_000, bots: 0 },
      { t: '2027-01-30', people: 0, bots: 0 },
      { t: '2027-01-31', people: 234, bots: 1 },
    ],
    countries: [
      { value: 'DE', count: 1_200 },
      { value: null, count: 34 },
    ],
    platforms: [{ value: 'ios', count: 1_234 }],
    browsers: [{ value: 'Safari', count: 1_234 }],
    referrers: [{ value: null, count: 1_234 }],
    ...fields,
  };
}

const NONE: Statistics = {
  ...statistics(),
  totals: { people: 0, bots: 0 },
  days: statistics().days.map(({ t }) => ({ t, people: 0, bots: 0 })),
  ...{ countries: [], platforms: [], browsers: [], referrers: [] },
};
const one = (value: string) => [{ value, count: 1 }];
const ATTACK = statistics({
  countries: one(HOSTILE),
  platforms: one(HOSTILE),
  browsers: one(HOSTILE),
  referrers: one(HOSTILE),
});

const page = (of: Statistics, slug = '/sale') =>
  statisticsPage(of, slug, `https://go.example${encodeURI(slug)}`, {});
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
/** The texts of the cells of a page's tables. */
const cells = ({ body = '' }: Page) =>
  [...body.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, ''));

describe('the page with statistics', () => {
  test.each([
    ['with clicks', page(statistics())],
    ['without a click', page(NONE)],
    ['with hostile values', page(ATTACK)],
    ['of a hostile slug', page(statistics(), `/'"&;<script>`)],
  ])('%s is valid HTML', async (_name, { body = '' }) => {
    const report = await validator.validateString(body);
    expect(report.results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([]);
  });

  test('shows the numbers of the chart in a table, and names in words', () => {
    const shown = cells(page(statistics()));
    expect(shown).toEqual(
      expect.arrayContaining([
        '2027-01-29',
        '1,000',
        '2027-01-31',
        '234',
        '1',
        'Germany',
        '1,200',
        'Unknown',
        'iOS',
      ]),
    );
    expect(page(statistics()).body).toContain('<html lang="en">');
    expect(page(statistics()).body).toContain('<title>Clicks of go.example/sale</title>');
  });

  test('draws each day in proportion to the busiest one, people below bots', () => {
    const bars = [
      ...(page(statistics()).body ?? '').matchAll(
        /<rect class="(\w+)" x="(\d+)" y="([\d.]+)" width="8" height="([\d.]+)">/g,
      ),
    ];
    expect(bars.map(([, ...parts]) => parts)).toEqual([
      ['people', '1', '0.00', '100.00'],
      ['people', '21', '76.60', '23.40'],
      ['bots', '21', '76.50', '0.10'],
    ]);
    expect(page(NONE).body).not.toContain('<rect');
  });

  test('escapes hostile values, and allows only its own style', () => {
    for (const { body = '', headers } of [page(ATTACK), page(statistics(), `/'"&;<script>`)]) {
      expect(body).not.toMatch(/<script|<img|<[^>]* (on\w+|style)=/i);
      const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(body) ?? [];
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src ${sourceOf(style)}`,
      );
      expect(body).toContain('<meta name="robots" content="noindex">');
    }
    expect(page(ATTACK).body).toContain('&lt;script&gt;alert(1)');
  });
});
