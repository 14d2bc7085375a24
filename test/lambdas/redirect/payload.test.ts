import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ULID } from '../../../lambdas/clicks/identity.ts';
import type { Link } from '../../../lambdas/links/link.ts';
import { httpEvent, type RequestOptions } from '../http-event.ts';
import { CHROME, clicked, handler, prepareEachTest, link as storeLink } from './services.ts';

prepareEachTest();

/** A click, as the differences from a plain click on a plain link. */
type Click = { link?: Partial<Link>; request?: RequestOptions };

async function payloadOf({ link = {}, request = {} }: Click): Promise<any> {
  storeLink(link);
  await handler(httpEvent({ path: '/sale', ...request }));
  return clicked();
}

const agent = (userAgent: string): Click => ({ request: { headers: { 'user-agent': userAgent } } });
const GPTBOT = agent('Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)');
const ABROAD: Click = { request: { sourceIp: '203.0.113.9' } };
const PRIVATE: Click = { request: { headers: { 'sec-gpc': '1', referer: 'https://a.example/' } } };
const RULE = { what: 'country', matches: 'DE', url: 'https://example.com/de' };
const linkText = (name: keyof Link): [Click, unknown][] => [
  [{ link: { [name]: 'Text' } }, 'Text'],
  [{}, null],
];
const linkFlag = (name: keyof Link): [Click, unknown][] => [
  [{ link: { [name]: true } }, true],
  [{ link: { [name]: false } }, false],
];

/** The value of each field in a certain click, and a click with null if the table says that null is possible. */
const FIELDS: Record<string, [Click, unknown][]> = {
  event: [[{}, 'click']],
  timestamp: [[{}, expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)]],
  'link.id': [[{}, 12345]],
  'link.name': linkText('name'),
  'link.url': [[{ link: { rules: [RULE], utm_source: 'x' } }, 'https://example.com/landing-page']],
  'link.full_url': [
    [{ link: { slug: '/café' } }, 'https://links.example.com/caf%C3%A9'],
    [{ link: { domain: 'go.example.com' } }, 'https://go.example.com/sale'],
  ],
  'link.domain': [
    [{ link: { domain: 'go.example.com' } }, 'go.example.com'],
    [{}, null],
  ],
  'link.slug': [[{}, '/sale']],
  'link.destination': [[{ link: { rules: [RULE] } }, 'https://example.com/de']],
  'link.workspace_id': [[{ link: { workspace_id: 7 } }, 7]],
  'link.enabled': [[{}, true]],
  'link.cloaking': linkFlag('cloaking'),
  'link.forward_params': linkFlag('forward_params'),
  'link.block_bots': linkFlag('block_bots'),
  'link.public_analytics': linkFlag('public_analytics'),
  'link.utm_source': linkText('utm_source'),
  'link.utm_medium': linkText('utm_medium'),
  'link.utm_campaign': linkText('utm_campaign'),
  'link.utm_term': linkText('utm_term'),
  'link.utm_content': linkText('utm_content'),
  'link.og_title': linkText('og_title'),
  'link.og_description': linkText('og_description'),
  'link.og_image': linkText('og_image'),
  'link.rules': [
    [
      { link: { rules: [RULE, { ...RULE, what: 'rotator', percentage: 0 }] } },
      [RULE, { ...RULE, what: 'rotator', percentage: 0 }],
    ],
    [{}, []],
  ],
  'click.id': [[{}, expect.stringMatching(ULID)]],
  'click.country': [
    [{}, 'DE'],
    [ABROAD, null],
    [PRIVATE, null],
  ],
  'click.is_eu_country': [
    [{}, true],
    [ABROAD, null],
    [PRIVATE, null],
  ],
  'click.platform': [
    [agent(CHROME), 'desktop'],
    [agent('curl/8.5.0'), null],
    [{}, null],
  ],
  'click.browser_name': [
    [agent(CHROME), 'Chrome'],
    [GPTBOT, null],
    [{}, null],
  ],
  'click.referer': [
    [{ request: { headers: { referer: 'https://twitter.com/' } } }, 'https://twitter.com/'],
    [{ request: { headers: { referer: 'x'.repeat(3_000) } } }, 'x'.repeat(2_048)],
    [{}, null],
    [PRIVATE, null],
  ],
  'click.isp': [
    [{}, 'Example AG'],
    [ABROAD, null],
    [PRIVATE, null],
  ],
  'click.bot_name': [
    [GPTBOT, 'GPTBot'],
    [agent(CHROME), null],
  ],
  'click.destination': [
    [
      { link: { forward_params: true, utm_source: 'mail' }, request: { query: 'a=1' } },
      'https://example.com/landing-page?utm_source=mail&a=1',
    ],
    [
      { link: { exhausted: true, expiry_destination: 'https://example.com/over' } },
      'https://example.com/over',
    ],
  ],
  'click.params': [
    [
      { request: { query: 'utm_source=twitter&tag=a&tag=b&q=1+%2B&none=' } },
      { utm_source: 'twitter', tag: ['a', 'b'], q: '1 +', none: '' },
    ],
    [{}, {}],
  ],
};

const rows = (await readFile(new URL('../../../docs/payload.md', import.meta.url), 'utf8'))
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, field = '', type = '', , nullWhen = '']) => ({
    field: field.replaceAll('`', ''),
    type,
    nullWhen,
  }));

const valueAt = (payload: any, field: string) =>
  field.split('.').reduce((value, name) => value[name], payload);
const TYPES: Record<string, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  list: Array.isArray,
  object: (value) => typeof value === 'object' && !Array.isArray(value),
};

test('the documented fields are those of a payload, in order', async () => {
  const { link, click, ...event } = await payloadOf({});
  const names = (prefix: string, value: object) => Object.keys(value).map((name) => prefix + name);
  const fields = [...names('', event), ...names('link.', link), ...names('click.', click)];
  expect(rows.map(({ field }) => field)).toEqual(fields);
  expect(Object.keys(FIELDS)).toEqual(fields);
});

describe.each(rows)('$field', ({ field, type, nullWhen }) => {
  const cases = (FIELDS[field] ?? []).map(([click, value]) => [
    JSON.stringify(value).slice(0, 60),
    click,
    value,
  ]);
  test.each(cases as [string, Click, unknown][])('has the example %s', async (_title, click, value) => {
    const seen = valueAt(await payloadOf(click), field);
    expect(seen).toEqual(value);
    if (seen !== null) expect(TYPES[type]?.(seen)).toBe(true);
  });

  test(`is null when: ${nullWhen}`, () => {
    const canBeNull = FIELDS[field]?.some(([, value]) => value === null);
    expect(canBeNull).toBe(!nullWhen.startsWith('never'));
  });
});
