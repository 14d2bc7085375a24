import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, jest, test } from '@jest/globals';
import { ULID, ulidTime } from '../../../lambdas/clicks/identity.ts';
import { logItem } from '../../../lambdas/clicks/log-entry.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { httpEvent } from '../http-event.ts';
import {
  CHROME,
  clicked,
  counted,
  handler,
  link,
  messages,
  prepareEachTest,
  queue,
  settings,
  written,
} from './services.ts';

prepareEachTest();

/** What the log keeps of the first click. */
const logged = () =>
  JSON.parse(logItem(JSON.parse(messages()[0]?.MessageBody ?? ''), 'token', 1_800_000_000).click);

describe('the message of a click', () => {
  test('has the documented names in the documented order', async () => {
    await handler(
      httpEvent({
        path: '/sale',
        query: 'utm_source=twitter&tag=a&tag=b&plus=1+2&empty=&__proto__=x',
        headers: { 'user-agent': CHROME, referer: 'https://twitter.com/' },
      }),
    );
    const { payload, ...ids } = JSON.parse(messages()[0]?.MessageBody ?? '');
    expect(ids).toEqual({
      version: 2,
      link_id: 12345,
      workspace_id: 1,
      expiry_clicks: null,
      counted: true,
      rule: null,
    });
    expect(payload.click.id).toMatch(ULID);
    expect(JSON.stringify(payload)).toBe(
      JSON.stringify({
        event: 'click',
        timestamp: payload.timestamp,
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
          id: payload.click.id,
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

  test('has an id and a time in microseconds of its own, also for two clicks in the same millisecond', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2025, 0, 15, 10, 30, 0, 123));
    await handler(httpEvent({ path: '/sale' }));
    await handler(httpEvent({ path: '/sale' }));
    clock.mockRestore();
    const payloads = messages().map(({ MessageBody }) => JSON.parse(MessageBody ?? '').payload);
    expect(payloads).toHaveLength(2);
    for (const { timestamp, click } of payloads) {
      expect(timestamp).toMatch(/^2025-01-15T10:30:00\.123\d{3}Z$/);
      expect(ulidTime(click.id)).toBe(Date.UTC(2025, 0, 15, 10, 30, 0, 123));
    }
    expect(payloads[0].click.id).not.toBe(payloads[1].click.id);
  });

  test('contains no address of the visitor, and no log line does', async () => {
    queue.on(SendMessageCommand).rejects(new Error('down'));
    await handler(httpEvent({ path: '/sale', headers: { 'x-forwarded-for': '203.0.113.77' } }));
    const everything = JSON.stringify([messages(), jest.mocked(logger.error).mock.calls, written()]);
    expect(everything).toContain('12345');
    expect(everything).not.toMatch(/203\.0\.113\.77|198\.51\.100\.7/);
  });

  test('has the destination that the rule for their country sets', async () => {
    link({ rules: [{ what: 'country', matches: 'DE', url: 'https://example.com/de' }], utm_source: 'mail' });
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.headers?.location).toBe('https://example.com/de?utm_source=mail');
    expect(clicked().link).toMatchObject({
      url: 'https://example.com/landing-page',
      destination: 'https://example.com/de?utm_source=mail',
    });
    expect(clicked().click.destination).toBe('https://example.com/de?utm_source=mail');
    expect(JSON.parse(messages()[0]?.MessageBody ?? '').rule).toBe(1);
  });

  test('names no rule when the link has expired', async () => {
    const rules = [{ what: 'country', matches: 'DE', url: 'https://example.com/de' }];
    link({ rules, exhausted: true, expiry_destination: 'https://example.com/over' });
    await handler(httpEvent({ path: '/sale' }));
    expect(JSON.parse(messages()[0]?.MessageBody ?? '')).toMatchObject({
      rule: null,
      payload: { click: { destination: 'https://example.com/over' } },
    });
  });
});

test('a click with Sec-GPC: 1 follows the rules and has no country, ISP and referer', async () => {
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
  expect(logged()).toEqual({
    timestamp: clicked().timestamp,
    platform: 'desktop',
    browser: 'Chrome',
    destination: 'https://example.com/de',
    rule: 1,
  });
});

test('with strict privacy, neither the message nor the log has country, ISP and referrer', async () => {
  link({ workspace_id: 12 });
  settings({ privacy: 'strict' }, 12);
  await handler(
    httpEvent({ path: '/sale', headers: { referer: 'https://example.org/', 'user-agent': CHROME } }),
  );
  expect(clicked().click).toMatchObject({ country: null, is_eu_country: null, isp: null, referer: null });
  expect(logged()).toEqual({ timestamp: clicked().timestamp, platform: 'desktop', browser: 'Chrome' });
});

describe('a query with an additional question mark', () => {
  test.each([
    ['?utm_source=click', { utm_source: 'click' }, '?utm_source=click&utm_medium=m'],
    ['?a=1', { a: '1' }, '?utm_medium=m&a=1'],
    ['??a=1', { '?a': '1' }, '?utm_medium=m&?a=1'],
    ['y=1&?a=2', { y: '1', '?a': '2' }, '?utm_medium=m&y=1&?a=2'],
    ['?a=1&a=2', { a: ['1', '2'] }, '?utm_medium=m&a=1&a=2'],
    ['?', {}, '?utm_medium=m'],
    ['a=1?', { a: '1?' }, '?utm_medium=m&a=1?'],
  ])('%s means the same for the payload and the destination', async (query, params, search) => {
    link({ forward_params: true, url: 'https://example.com/', utm_medium: 'm' });
    const answer = await handler(httpEvent({ path: '/sale', query }));
    expect(clicked().click.params).toEqual(params);
    const sorted = (text: string) => text.slice(1).split('&').sort();
    const { search: sent } = new URL(String(answer.headers?.location));
    expect(sorted(sent)).toEqual(sorted(search));
    expect(clicked().click.destination).toBe(answer.headers?.location);
  });
});

describe('when the queue', () => {
  test('is down, the visitor is redirected anyway, and the loss is logged and counted', async () => {
    queue.on(SendMessageCommand).rejects(new Error('down'));
    expect((await handler(httpEvent({ path: '/sale' }))).statusCode).toBe(302);
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(counted('ClickLost')).toBe(1);
    expect(messages()).toHaveLength(1);
  });

  test('hangs, the send is given up after 300 ms, and the visitor is redirected', async () => {
    const timeout = jest.spyOn(AbortSignal, 'timeout');
    queue.on(SendMessageCommand).callsFake(() => new Promise(() => undefined));
    const answer = await handler(httpEvent({ path: '/sale' }));
    expect(answer.statusCode).toBe(302);
    expect(timeout).toHaveBeenCalledWith(300);
    expect(counted('ClickLost')).toBe(1);
  });
});
