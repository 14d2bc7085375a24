import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { linkItem } from '../../../lambdas/links/link-items.ts';
import { httpEvent } from '../http-event.ts';
import { sampleLink } from '../sample-link.ts';
import {
  CHROME,
  clicked,
  counted,
  GOOGLEBOT,
  handler,
  link,
  messages,
  prepareEachTest,
  queue,
  reads,
  table,
} from './services.ts';

prepareEachTest();

describe('a click on a plain link', () => {
  test('is a 302 that caches must not store, after one read and one send', async () => {
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

  test('with HEAD gets the same response and sends nothing', async () => {
    const answer = await handler(httpEvent({ method: 'HEAD', path: '/sale' }));
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/landing-page' },
    });
    expect(messages()).toEqual([]);
  });
});

describe('a link', () => {
  test('that blocks bots is a 404 to them and does not record them; people pass', async () => {
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
])('a prefetch (%s: %s) is asked to come again and is not a click', async (name, value) => {
  const answer = await handler(httpEvent({ path: '/sale', headers: { [name]: value } }));
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'cache-control': 'private, no-store' } });
  expect(messages()).toEqual([]);
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
  ])('that cloaks %s redirects to it instead', async (_title, fields, status) => {
    link({ cloaking: true, ...fields });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.statusCode).toBe(status);
    expect(answer.body ?? '').not.toContain('<iframe');
  });

  test('that cloaks on its own domain loads its tags next to the frame', async () => {
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

  test('with a preview shows it to social crawlers, who are recorded; people get the redirect', async () => {
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
  ])('with nothing to preview, and with %s, redirects social crawlers', async (_title, fields) => {
    link(fields);
    const answer = await handler(httpEvent({ path: '/sale', headers: TWITTERBOT }));
    expect(answer).toMatchObject({
      statusCode: 302,
      headers: { location: 'https://example.com/landing-page' },
    });
    expect(clicked().click.bot_name).toBe('Twitterbot');
  });

  test('that hides the referrer says so in the redirect', async () => {
    link({ hide_referrer: true });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer).toMatchObject({ statusCode: 302, headers: { 'referrer-policy': 'no-referrer' } });
  });
});

describe('a request for something that is not a link', () => {
  test.each([
    ['is unknown', undefined],
    ['is switched off', sampleLink({ enabled: false })],
    ['is in the trash', sampleLink({ deleted: true })],
  ])('with a slug that %s gets a 404 page and sends no click', async (_title, link) => {
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
  ])('with a reserved or overlong path gets a 404 page without a read (%#)', async (path) => {
    expect((await handler(httpEvent({ path }))).statusCode).toBe(404);
    expect(reads()).toEqual([]);
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
])('an event that is not a request gets a response and is counted: %j', async (event) => {
  const answer = await handler(event as never);
  expect([answer.statusCode, messages()]).toEqual([expect.any(Number), []]);
  expect(counted('RequestFailed') + (answer.statusCode === 405 ? 1 : 0)).toBe(1);
});
