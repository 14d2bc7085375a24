import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { Link } from '../../../lambdas/links/link.ts';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { encodeGeoFile, readBoundaries } from '../../../lib/geo-data.ts';
import { capturedOutput } from '../captured-output.ts';
import { httpEvent } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';

// The handler finds its geo files when it is loaded, as in Lambda.
const bundle = await mkdtemp(join(tmpdir(), 'clickhook-redirect-'));
await mkdir(join(bundle, 'geo'));
await writeFile(
  join(bundle, 'geo', 'country.bin'),
  encodeGeoFile(readBoundaries(['198.51.100.0,198.51.100.255,DE'], 0)),
);
await writeFile(
  join(bundle, 'geo', 'isp.bin'),
  encodeGeoFile(readBoundaries(['198.51.100.0,198.51.100.255,64500,Example AG'], 1)),
);
process.env.LAMBDA_TASK_ROOT = bundle;
const { handler } = await import('../../../lambdas/redirect/handler.ts');

const table = mockClient(DynamoDBDocumentClient);
const queue = mockClient(SQSClient);
let written: () => string[];
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

beforeEach(() => {
  table.reset();
  queue.reset();
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  written = capturedOutput();
  process.env.CLICKHOOK_TABLE_NAME = 'main';
  process.env.CLICKHOOK_CLICKS_QUEUE_URL = 'https://sqs.example.com/1/clicks';
  process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
  table.on(GetCommand).resolves({ Item: linkItem(sampleLink()) });
  settings({});
  queue.on(SendMessageCommand).resolves({ MessageId: 'm1' });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Settings of workspace 1, or of another: an instance keeps what it has read of one. */
function settings(item: object, workspaceId = 1): void {
  table
    .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
    .resolves({ Item: { id: workspaceId, ...item } });
}

afterAll(() => rm(bundle, { recursive: true }));

const messages = () => queue.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);
const allReads = () => table.commandCalls(GetCommand).map(({ args }) => args[0].input);
const reads = () => allReads().filter(({ Key }) => Key?.sk === 'LINK');
const counted = (name: string) => written().filter((line) => line.includes(`"${name}":1`)).length;

describe('a click on a plain link', () => {
  test('is a 302 that no cache keeps, after one read and one send', async () => {
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer).toEqual({
      statusCode: 302,
      headers: { location: 'https://example.com/landing-page', 'cache-control': 'private, no-store' },
    });
    expect(reads()).toEqual([{ TableName: 'main', Key: { pk: 'SLUG#-#/sale', sk: 'LINK' } }]);
    expect(messages()).toHaveLength(1);
    expect(messages()[0]).toMatchObject({
      QueueUrl: 'https://sqs.example.com/1/clicks',
      MessageGroupId: '1',
    });
  });

  test('becomes a message with the documented names in the documented order', async () => {
    await handler(
      httpEvent({
        path: '/sale',
        query: 'utm_source=twitter&tag=a&tag=b&plus=1+2&empty=&__proto__=x',
        headers: { 'user-agent': CHROME, referer: 'https://twitter.com/' },
      }),
    );
    const { payload, ...ids } = JSON.parse(messages()[0]?.MessageBody ?? '');
    expect(ids).toMatchObject({ version: 1, link_id: 12345, workspace_id: 1 });
    expect(JSON.stringify(payload)).toBe(
      JSON.stringify({
        event: 'click',
        timestamp: '2025-01-15T10:30:00Z',
        link: {
          id: 12345,
          name: null,
          url: 'https://example.com/landing-page',
          full_url: 'https://links.example.com/sale',
          domain: null,
          slug: '/sale',
          destination: 'https://example.com/landing-page',
          workspace_id: 1,
          enabled: true,
          cloaking: false,
          forward_params: false,
          block_bots: false,
          public_analytics: false,
          utm_source: null,
          utm_medium: null,
          utm_campaign: null,
          utm_term: null,
          utm_content: null,
          og_title: null,
          og_description: null,
          og_image: null,
          rules: [],
        },
        click: {
          country: 'DE',
          is_eu_country: true,
          platform: 'desktop',
          browser_name: 'Chrome',
          referer: 'https://twitter.com/',
          isp: 'Example AG',
          bot_name: null,
          destination: 'https://example.com/landing-page',
          params: JSON.parse(
            '{"utm_source":"twitter","tag":["a","b"],"plus":"1 2","empty":"","__proto__":"x"}',
          ),
        },
      }),
    );
  });

  test('holds no address of the visitor, in the message or in a log line', async () => {
    queue.on(SendMessageCommand).rejects(new Error('down'));
    await handler(httpEvent({ path: '/sale', headers: { 'x-forwarded-for': '203.0.113.77' } }));
    const everything = JSON.stringify([messages(), jest.mocked(logger.error).mock.calls, written()]);
    expect(everything).toContain('12345');
    expect(everything).not.toMatch(/203\.0\.113\.77|198\.51\.100\.7/);
  });

  test('by HEAD answers the same and sends nothing', async () => {
    const answer = await handler(httpEvent({ method: 'HEAD', path: '/sale' }));
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/landing-page' },
    });
    expect(messages()).toEqual([]);
  });
});

const clicked = () => JSON.parse(messages()[0]?.MessageBody ?? '{}').payload;
const link = (fields: object) =>
  table.on(GetCommand, { Key: { sk: 'LINK' } }).resolves({ Item: linkItem(sampleLink(fields)) });
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

describe('a link with a wish of its own', () => {
  test('sends the visitor where the rule for their country says, and tells the webhook', async () => {
    link({ rules: [{ what: 'country', matches: 'DE', url: 'https://example.com/de' }], utm_source: 'mail' });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.headers?.location).toBe('https://example.com/de?utm_source=mail');
    expect(clicked().link).toMatchObject({
      url: 'https://example.com/landing-page',
      destination: 'https://example.com/de?utm_source=mail',
    });
    expect(clicked().click.destination).toBe('https://example.com/de?utm_source=mail');
  });

  test('that blocks bots is a 404 to them and not recorded; people pass', async () => {
    link({ block_bots: true });
    expect(
      (await handler(httpEvent({ path: '/sale', headers: { 'user-agent': GOOGLEBOT } }))).statusCode,
    ).toBe(404);
    expect(messages()).toEqual([]);
    expect((await handler(httpEvent({ path: '/sale', headers: { 'user-agent': CHROME } }))).statusCode).toBe(
      302,
    );
  });

  test('that does not block bots records them by name', async () => {
    expect(
      (await handler(httpEvent({ path: '/sale', headers: { 'user-agent': GOOGLEBOT } }))).statusCode,
    ).toBe(302);
    expect(clicked().click).toMatchObject({ bot_name: 'Googlebot', browser_name: null });
  });

  test('that has expired leads to its expiry destination, or to a 404 page that says so', async () => {
    link({ expiry_datetime: '2025-01-15T10:00:00.000Z', expiry_destination: 'https://example.com/over' });
    expect((await handler(httpEvent({ path: '/sale' }))).headers?.location).toBe('https://example.com/over');
    expect(clicked().click.destination).toBe('https://example.com/over');
    queue.resetHistory();
    link({ exhausted: true });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect([answer.statusCode, answer.body?.includes('expired')]).toEqual([404, true]);
    expect(messages()).toEqual([]);
  });
});

test.each([
  ['sec-purpose', 'prefetch;prerender'],
  ['purpose', 'prefetch'],
  ['x-moz', 'prefetch'],
])('a prefetch (%s: %s) is asked to come again and is no click', async (name, value) => {
  const answer = await handler(httpEvent({ path: '/sale', headers: { [name]: value } }));
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'cache-control': 'private, no-store' } });
  expect(messages()).toEqual([]);
});

test('a click with Sec-GPC: 1 follows the rules and tells webhooks neither country, ISP nor referer', async () => {
  link({ rules: [{ what: 'country', matches: 'DE', url: 'https://example.com/de' }] });
  const headers = { 'sec-gpc': '1', referer: 'https://example.org/', 'user-agent': CHROME };
  expect((await handler(httpEvent({ path: '/sale', headers }))).headers?.location).toBe(
    'https://example.com/de',
  );
  expect(clicked().click).toMatchObject({
    country: null,
    is_eu_country: null,
    isp: null,
    referer: null,
    platform: 'desktop',
    browser_name: 'Chrome',
  });
});

describe('a workspace', () => {
  let workspaceId = 100;
  const inWorkspace = (item: object, fields: Partial<Link> = {}) => {
    workspaceId++;
    settings(item, workspaceId);
    link({ workspace_id: workspaceId, ...fields });
  };
  const visit = (headers: Record<string, string> = {}, sourceIp?: string) =>
    handler(httpEvent({ path: '/sale', headers, ...(sourceIp ? { sourceIp } : {}) }));

  test.each([
    [['198.51.100.7'], '198.51.100.7', false],
    [['198.51.100.0/24'], '198.51.100.255', false],
    [['198.51.100.0/24'], '198.51.101.0', true],
    [['2001:db8::/32'], '2001:db8:1::1', false],
    [['2001:db8::1'], '2001:DB8:0:0::1', false],
    [['198.51.100.7'], '::ffff:198.51.100.7', false],
    [['2001:db8::/32'], '198.51.100.7', true],
    [['nonsense'], '198.51.100.7', true],
  ])('that excludes %j records a click of %s: %s', async (excluded_ips, sourceIp, recorded) => {
    inWorkspace({ excluded_ips });
    expect((await visit({}, sourceIp)).statusCode).toBe(302);
    expect(messages()).toHaveLength(recorded ? 1 : 0);
  });

  test('that skips crawlers sends them on and records people only', async () => {
    inWorkspace({ skip_crawlers: true });
    expect((await visit({ 'user-agent': GOOGLEBOT })).statusCode).toBe(302);
    expect(messages()).toEqual([]);
    await visit({ 'user-agent': CHROME });
    expect(messages()).toHaveLength(1);
  });

  test('with strict privacy tells neither country, ISP nor referer', async () => {
    inWorkspace({ privacy: 'strict' });
    await visit({ referer: 'https://example.org/', 'user-agent': CHROME });
    expect(clicked().click).toMatchObject({
      country: null,
      is_eu_country: null,
      isp: null,
      referer: null,
      platform: 'desktop',
    });
  });

  test('is asked for its settings once, and again beside the send when they are over 30 s old', async () => {
    inWorkspace({ skip_crawlers: true });
    const settingsReads = () => allReads().filter(({ Key }) => Key?.sk === 'SETTINGS');
    await visit();
    await visit();
    expect(settingsReads()).toHaveLength(1);
    settings({ skip_crawlers: false }, workspaceId);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    await visit({ 'user-agent': GOOGLEBOT });
    expect([settingsReads().length, messages().length]).toEqual([2, 2]);
    await visit({ 'user-agent': GOOGLEBOT });
    expect([settingsReads().length, messages().length]).toEqual([2, 3]);
  });

  test('with settings that are old holds no click up, though the read of newer ones never ends', async () => {
    inWorkspace({ skip_crawlers: true });
    await visit();
    table
      .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
      .callsFake(() => new Promise(() => undefined));
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    // Would hang here if it waited: nothing ends that read.
    await visit({ 'user-agent': GOOGLEBOT });
    await visit({ 'user-agent': CHROME });
    expect(messages()).toHaveLength(2);
    expect(allReads().filter(({ Key }) => Key?.sk === 'SETTINGS')).toHaveLength(2);
  });

  test('whose settings can not be read records by defaults; it is counted and not asked again at once', async () => {
    inWorkspace({});
    table
      .on(GetCommand, { Key: { pk: `WORKSPACE#${workspaceId}`, sk: 'SETTINGS' } })
      .rejects(new Error('down'));
    expect((await visit()).statusCode).toBe(302);
    await visit();
    expect(messages()).toHaveLength(2);
    expect(counted('SettingsReadFailed')).toBe(1);
  });

  test('link that skips social crawlers does not record them, and records other bots', async () => {
    inWorkspace({}, { skip_social_crawler_tracking: true });
    await visit({ 'user-agent': 'Twitterbot/1.0' });
    expect(messages()).toEqual([]);
    await visit({ 'user-agent': GOOGLEBOT });
    expect(messages()).toHaveLength(1);
  });
});

describe('a custom domain', () => {
  const onDomain = (path: string, method = 'GET') => {
    const event = httpEvent({ path, method });
    return handler({ ...event, requestContext: { ...event.requestContext, domainName: 'go.example.com' } });
  };
  const icon = (item: object) =>
    table.on(GetCommand, { Key: { pk: 'DOMAIN#go.example.com', sk: 'DOMAIN' } }).resolves({ Item: item });

  test('has links of its own, found by one read', async () => {
    link({ domain: 'go.example.com' });
    expect((await onDomain('/sale')).statusCode).toBe(302);
    expect(reads()).toEqual([{ TableName: 'main', Key: { pk: 'SLUG#go.example.com#/sale', sk: 'LINK' } }]);
    expect(clicked().link).toMatchObject({
      domain: 'go.example.com',
      full_url: 'https://go.example.com/sale',
    });
  });

  test('leads to the icon that its workspace has set', async () => {
    icon({ favicon: 'https://example.com/icon.png' });
    expect(await onDomain('/favicon.ico')).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/icon.png' },
    });
    icon({ favicon: null });
    expect((await onDomain('/favicon.ico')).statusCode).toBe(404);
    expect(messages()).toEqual([]);
  });

  test('without an answer about its icon is a 503', async () => {
    table.on(GetCommand).rejects(new Error('down'));
    expect((await onDomain('/favicon.ico')).statusCode).toBe(503);
  });
});

describe('a link with a page', () => {
  const TWITTERBOT = { 'user-agent': 'Twitterbot/1.0' };

  test('that cloaks shows the destination in a frame and counts the click', async () => {
    link({ cloaking: true });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<iframe src="https://example.com/landing-page"');
    expect(clicked().click.destination).toBe('https://example.com/landing-page');
  });

  test.each([
    ['a destination without TLS, which browsers would not frame', { url: 'http://example.com/' }, 302],
    ['foreign tags on a shared host, whose sandbox would reach into the frame', { head_tags: '<b>' }, 200],
  ])('that cloaks %s goes on to it instead', async (_title, fields, status) => {
    link({ cloaking: true, ...fields });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.statusCode).toBe(status);
    expect(answer.body ?? '').not.toContain('<iframe');
  });

  test('that cloaks on its own domain loads its tags beside the frame', async () => {
    link({ cloaking: true, domain: 'go.example.com', body_tags: '<p>tag</p>' });
    const { body } = await handler(httpEvent({ path: '/sale' }));
    expect(body).toContain('<p>tag</p>\n<iframe');
  });

  test('of tags loads them on the way and counts the click', async () => {
    link({ fb_pixel_id: '123456789012345' });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect([answer.statusCode, messages().length]).toEqual([200, 1]);
    expect(answer.body).toContain('data-destination="https://example.com/landing-page"');
  });

  test('of a preview shows it to social crawlers, who are recorded; people get the redirect', async () => {
    link({ og_title: 'Offer' });
    const preview = await handler(httpEvent({ path: '/sale', headers: TWITTERBOT }));
    expect(preview.statusCode).toBe(200);
    expect(preview.body).toContain('<meta property="og:title" content="Offer">');
    expect(clicked().click.bot_name).toBe('Twitterbot');
    expect((await handler(httpEvent({ path: '/sale', headers: { 'user-agent': CHROME } }))).statusCode).toBe(
      302,
    );
    expect(
      (await handler(httpEvent({ path: '/sale', headers: { 'user-agent': GOOGLEBOT } }))).statusCode,
    ).toBe(302);
  });

  test.each([
    ['nothing else', {}],
    ['a pixel', { fb_pixel_id: '123456789012345' }],
    ['tags', { head_tags: '<script></script>' }],
    ['a cloak', { cloaking: true }],
  ])('without anything to preview, and with %s, redirects social crawlers', async (_title, fields) => {
    link(fields);
    const answer = await handler(httpEvent({ path: '/sale', headers: TWITTERBOT }));
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/landing-page' },
    });
    expect(clicked().click.bot_name).toBe('Twitterbot');
  });

  test('to hide the referrer from says so in the redirect', async () => {
    link({ hide_referrer: true });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer).toMatchObject({ statusCode: 302, headers: { 'referrer-policy': 'no-referrer' } });
  });
});

describe('behind a CDN that is trusted', () => {
  const SECRET = 'sixteen-or-more-characters';
  const edge = (headers: Record<string, string>) =>
    handler(httpEvent({ path: '/sale', headers: { 'x-clickhook-edge-secret': SECRET, ...headers } }));

  beforeEach(() => {
    process.env.CLICKHOOK_EDGE_SECRET = SECRET;
  });
  afterEach(() => {
    delete process.env.CLICKHOOK_EDGE_SECRET;
  });

  test('its country wins over the data file, its address gives the ISP, and neither address is told', async () => {
    await edge({ 'cloudfront-viewer-country': 'FR', 'cloudfront-viewer-address': '198.51.100.9:4711' });
    expect(clicked().click).toMatchObject({ country: 'FR', is_eu_country: true, isp: 'Example AG' });
    expect(JSON.stringify(messages())).not.toMatch(/198\.51\.100/);
  });

  test('its own address describes nobody', async () => {
    await edge({});
    expect(clicked().click).toMatchObject({ country: null, is_eu_country: null, isp: null });
  });
});

describe('a path', () => {
  const keyOf = () => reads()[0]?.Key?.pk;

  test.each(['/sale/', '/sale//', '/sale////', '/sale/?utm_source=x'])(
    '%s opens the link /sale',
    async (address) => {
      const [path = '', query] = address.split('?');
      const answer = await handler(httpEvent({ path, ...(query ? { query } : {}) }));
      expect([answer.statusCode, keyOf()]).toEqual([302, 'SLUG#-#/sale']);
      expect(clicked().link.slug).toBe('/sale');
    },
  );

  test.each([
    ['/summer/sale/', 'SLUG#-#/summer/sale'],
    ['/cafe\u0301/', 'SLUG#-#/café'],
    ['/👩‍💻', 'SLUG#-#/👩‍💻'],
    ['/', 'SLUG#-#/'],
    ['//', 'SLUG#-#/'],
  ])('%s is the slug of %s', async (path, key) => {
    await handler(httpEvent({ path }));
    expect(keyOf()).toBe(key);
  });

  test.each([
    ['of 256 characters', `/${'x'.repeat(255)}`],
    ['as long as a key of the table may be', `/${'x'.repeat(2_041)}`],
    ['that NFC lengthens beyond a key', `/${'\ufb2c'.repeat(680)}`],
    ['with an empty part', '/a//b'],
    ['with a blank', '/a b'],
    ['with a percent sign', '/100%'],
    ['with a control character', '/a\0b'],
    ['with an invisible character', '/a\u200bb'],
    ['with a dot segment', '/a/../b'],
  ])('%s, which no slug can be, is a 404 without a read', async (_title, path) => {
    expect((await handler(httpEvent({ path }))).statusCode).toBe(404);
    expect(allReads()).toEqual([]);
  });

  test('of 255 characters is looked up', async () => {
    const path = `/${'ü'.repeat(254)}`;
    expect((await handler(httpEvent({ path }))).statusCode).toBe(302);
    expect(keyOf()).toBe(`SLUG#-#${path}`);
  });

  test.each(['/sale', '/favicon.ico'])(
    'on a host that is longer than a key is a 404 without a read: %s',
    async (path) => {
      const event = httpEvent({ path });
      const domainName = `${'long.'.repeat(410)}example.com`;
      const answer = await handler({ ...event, requestContext: { ...event.requestContext, domainName } });
      expect([answer.statusCode, allReads()]).toEqual([404, []]);
    },
  );
});

describe('a query with a question mark too many', () => {
  test.each([
    ['?utm_source=click', { utm_source: 'click' }, '?utm_source=click&utm_medium=m'],
    ['?a=1', { a: '1' }, '?utm_medium=m&a=1'],
    ['??a=1', { '?a': '1' }, '?utm_medium=m&?a=1'],
    ['y=1&?a=2', { y: '1', '?a': '2' }, '?utm_medium=m&y=1&?a=2'],
    ['?a=1&a=2', { a: ['1', '2'] }, '?utm_medium=m&a=1&a=2'],
    ['?', {}, '?utm_medium=m'],
    ['a=1?', { a: '1?' }, '?utm_medium=m&a=1?'],
  ])('%s means the same to the payload and to the destination', async (query, params, search) => {
    link({ forward_params: true, url: 'https://example.com/', utm_medium: 'm' });
    const answer = await handler(httpEvent({ path: '/sale', query }));
    expect(clicked().click.params).toEqual(params);
    const sorted = (text: string) => text.slice(1).split('&').sort();
    const { search: sent } = new URL(String(answer.headers?.location));
    expect(sorted(sent)).toEqual(sorted(search));
    expect(clicked().click.destination).toBe(answer.headers?.location);
  });
});

describe('what is not a link', () => {
  test.each([
    ['is unknown', undefined],
    ['is switched off', sampleLink({ enabled: false })],
    ['is in the trash', sampleLink({ deleted: true })],
  ])('a 404 page answers a slug that %s, and no click is sent', async (_title, link) => {
    table.on(GetCommand).resolves(link ? { Item: linkItem(link) } : {});
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(answer.body).toContain('<!DOCTYPE html>');
    expect(messages()).toEqual([]);
  });

  test.each([
    ['/api'],
    ['/api/x'],
    ['/app'],
    ['/docs/x'],
    ['/inbox/x'],
    ['/robots.txt'],
    ['/favicon.ico'],
    ['/.well-known/x'],
    ['/é'.repeat(700)],
  ])('a 404 page answers a reserved or overlong path without a read (%#)', async (path) => {
    expect((await handler(httpEvent({ path }))).statusCode).toBe(404);
    expect(reads()).toEqual([]);
  });
});

describe('when something is down', () => {
  test('DynamoDB: 503 with Retry-After and nothing of the error; it is counted', async () => {
    table.on(GetCommand).rejects(new Error('secret detail'));
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
    expect(answer.body).not.toContain('secret detail');
    expect(counted('LinkReadFailed')).toBe(1);
  });

  test.each([
    ['user agent', 'user-agent', { platform: null, browser_name: null, bot_name: null, country: 'DE' }],
    ['language', 'accept-language', { platform: 'desktop', country: 'DE' }],
  ])(
    'the look at the %s: its fields are null, it is counted, and the visitor is redirected',
    async (_what, name, fields) => {
      const headers: Record<string, string> = { 'user-agent': CHROME };
      Object.defineProperty(headers, name, {
        enumerable: true,
        get: () => {
          throw new TypeError('broken');
        },
      });
      const event = httpEvent({ path: '/sale' });
      Object.defineProperty(event, 'headers', { value: headers });
      expect((await handler(event)).statusCode).toBe(302);
      expect(clicked().click).toMatchObject(fields);
      expect([counted('EnrichmentFailed'), counted('LinkReadFailed')]).toEqual([1, 0]);
      expect(logger.error).toHaveBeenCalledTimes(1);
    },
  );

  test('SQS: the visitor is redirected all the same; the loss is logged and counted', async () => {
    queue.on(SendMessageCommand).rejects(new Error('down'));
    expect((await handler(httpEvent({ path: '/sale' }))).statusCode).toBe(302);
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(counted('ClickLost')).toBe(1);
    expect(messages()).toHaveLength(1);
  });

  test('SQS hanging: the send is given up at 300 ms, and the visitor is redirected', async () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout');
    queue.on(SendMessageCommand).callsFake(() => new Promise(() => undefined));
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.statusCode).toBe(302);
    expect(timeout).toHaveBeenCalledWith(300);
    expect(counted('ClickLost')).toBe(1);
  });
});

test.each([
  null,
  undefined,
  {},
  '',
  'a text',
  7,
  [],
  { requestContext: {} },
  { requestContext: { http: {} }, headers: {} },
])('an event that is no request is answered and counted: %j', async (event) => {
  const answer = await handler(event as never);
  expect([answer.statusCode, messages()]).toEqual([expect.any(Number), []]);
  expect(counted('RequestFailed') + (answer.statusCode === 405 ? 1 : 0)).toBe(1);
});
