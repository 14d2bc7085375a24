import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Link } from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { runs } from '../../full-runs.ts';
import { httpEvent } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';
import { handler, prepareEachTest, queue, table } from './services.ts';

prepareEachTest();

let stored: Link;

beforeEach(() => {
  process.env.CLICKHOOK_EDGE_SECRET = 'sixteen-or-more-characters';
  table.reset();
  table.on(GetCommand).callsFake(({ Key }) => (Key.sk === 'LINK' ? { Item: linkItem(stored) } : {}));
  table.on(UpdateCommand).resolves({});
});

afterEach(() => {
  delete process.env.CLICKHOOK_EDGE_SECRET;
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'example.com.evil.example',
    '%',
    '%E0%A4',
    '%0d%0aset-cookie:a=1',
    '\r\nset-cookie: a=1',
    '__proto__',
    'a=1&a=2&b=+%2B',
    '1',
    'prefetch',
    '203.0.113.7:443',
    'sixteen-or-more-characters',
  ),
);
const HEADERS = [
  'user-agent',
  'referer',
  'accept-language',
  'host',
  'content-type',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-clickhook-edge-secret',
  'cloudfront-viewer-address',
  'cloudfront-viewer-country',
  'sec-gpc',
];
const url = fc.webUrl({ withQueryParameters: true, withFragments: true }).map((one) => new URL(one).href);
const anyRule = fc.record({
  what: fc.constantFrom('country', 'platform', 'device', 'rotator', 'browser', 'language', 'bot'),
  matches: fc.option(text),
  url,
  percentage: fc.integer({ min: 0, max: 100 }),
});
const anyLink = fc.record(
  {
    url,
    domain: fc.constantFrom(null, 'go.example.com'),
    rules: fc.array(anyRule, { maxLength: 4 }),
    forward_params: fc.boolean(),
    cloaking: fc.boolean(),
    hide_referrer: fc.boolean(),
    block_bots: fc.boolean(),
    exhausted: fc.boolean(),
    expiry_destination: fc.option(url),
    utm_source: fc.option(text),
    utm_term: fc.option(text),
    og_title: fc.option(text),
    head_tags: fc.option(text),
    fb_pixel_id: fc.constantFrom(null, '12345'),
  },
  { requiredKeys: ['url'] },
);
const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', ''),
  path: fc.oneof(
    fc.constant('/sale'),
    text.map((end) => `/${end}`),
  ),
  query: text,
  body: text,
  isBase64Encoded: fc.boolean(),
  sourceIp: fc.oneof(fc.ipV4(), fc.ipV6(), text),
  headers: fc.dictionary(fc.constantFrom(...HEADERS), text, { maxKeys: HEADERS.length }),
});

const withoutQuery = (href: string) => {
  const { origin, username, password, pathname, hash } = new URL(href);
  return JSON.stringify([origin, username, password, pathname, hash]);
};

test('no request to any link is a 5xx, and it leads to one of the link’s own URLs or to none', async () => {
  await fc.assert(
    fc.asyncProperty(anyLink, anyRequest, async (fields, request) => {
      const link = sampleLink(fields as Partial<Link>);
      stored = link;
      table.resetHistory();
      queue.resetHistory();
      const { statusCode = 0, headers, body = '' } = await handler(httpEvent(request));
      expect([200, 302, 303, 404, 405]).toContain(statusCode);
      const own = [link.url, link.expiry_destination, ...link.rules.map((rule) => rule.url)];
      const allowed = own.filter((one) => one !== null).map(withoutQuery);
      const location = headers?.location;
      expect(location === undefined).toBe(statusCode !== 302 && statusCode !== 303);
      const framed = /<iframe src="([^"]*)"/.exec(body)?.[1] ?? /data-destination="([^"]*)"/.exec(body)?.[1];
      const destinations = [framed?.replaceAll('&amp;', '&').replaceAll('&#39;', "'")];
      // A form that was not asked for redirects back to the link itself.
      if (request.method === 'POST') expect(location ?? '/').toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      else destinations.push(location as string | undefined);
      for (const destination of destinations.filter((one) => one !== undefined)) {
        expect(destination).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
        expect(allowed).toContain(withoutQuery(destination));
      }
    }),
    { numRuns: runs(2_000, 300) },
  );
});
