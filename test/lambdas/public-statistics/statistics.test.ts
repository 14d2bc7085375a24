import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { statistics } from '../../../lambdas/public-statistics/handlers.ts';
import { httpEvent } from '../http-event.ts';
import {
  ask,
  DATA,
  dataOf,
  PAGE,
  prepareEachTest,
  requests,
  storeClick,
  storeLink,
  table,
} from './clicked-links.ts';

prepareEachTest();

describe('the statistics of a link', () => {
  test('count people and bots of each of the last 31 days apart, and the values of people only', async () => {
    storeLink();
    storeClick({
      country: 'DE',
      browser_name: 'Safari',
      platform: 'ios',
      referer: 'https://news.example/a?b',
    });
    storeClick({ country: 'DE', browser_name: 'Chrome' }, { daysAgo: 1 });
    storeClick({ bot_name: 'Googlebot', browser_name: null, country: 'US' }, { daysAgo: 30 });
    storeClick({}, { daysAgo: 31 });
    storeClick({ country: 'FR' }, { link_id: 99 });
    const answer = await ask();
    expect(answer.statusCode).toBe(200);
    const { days, start, end, ...others } = dataOf(answer);
    expect(days).toHaveLength(31);
    expect([days[0].t, days[30].t]).toEqual([start, end]);
    expect(end).toBe(new Date().toISOString().slice(0, 10));
    const clicked = days.filter(({ people, bots }: any) => people + bots > 0);
    expect(clicked.map(({ people, bots }: any) => [people, bots])).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
    ]);
    expect(others).toEqual({
      totals: { people: 2, bots: 1 },
      countries: [{ value: 'DE', count: 2 }],
      platforms: [
        { value: 'desktop', count: 1 },
        { value: 'ios', count: 1 },
      ],
      browsers: [
        { value: 'Chrome', count: 1 },
        { value: 'Safari', count: 1 },
      ],
      referrers: [
        { value: null, count: 1 },
        { value: 'news.example', count: 1 },
      ],
    });
  });

  test('have at most 20 values of each kind', async () => {
    storeLink();
    for (let number = 0; number < 25; number++) storeClick({ referer: `https://site-${number}.example/` });
    expect(dataOf(await ask()).referrers).toHaveLength(20);
  });

  test.each([DATA, PAGE])('at %s contain nothing else about the link', async (path) => {
    const secrets = {
      id: 987_654_321,
      workspace_id: 123_454_321,
      name: 'Secret name',
      note: 'Secret note',
      url: 'https://secret.example/',
      utm_source: 'secret-source',
      password_hash: 'secret-hash',
      og_title: 'Secret title',
    };
    storeLink(secrets);
    storeClick({}, { link_id: secrets.id });
    const { statusCode, headers, body } = await ask(path);
    expect(statusCode).toBe(200);
    expect(JSON.stringify(headers) + body).not.toMatch(/secret|987654321|987,654,321|12345/i);
  });

  test('are those of the host of the request', async () => {
    storeLink({ domain: 'go.example.com' });
    const host = { requestContext: { domainName: 'go.example.com' } };
    const event = httpEvent({ path: DATA, query: 'slug=sale' });
    const onDomain = { ...event, requestContext: { ...event.requestContext, ...host.requestContext } };
    expect((await statistics(onDomain)).statusCode).toBe(200);
    expect((await ask()).statusCode).toBe(404);
  });

  test('are those of the host that the CDN names, and of no host that a visitor makes up', async () => {
    storeLink({ domain: 'go.example.com' });
    process.env.CLICKHOOK_EDGE_SECRET = 'sixteen-or-more-characters';
    try {
      const named = { 'x-forwarded-host': 'go.example.com' };
      expect((await ask(DATA, 'slug=/sale', { headers: named })).statusCode).toBe(404);
      const headers = { ...named, 'x-clickhook-edge-secret': 'sixteen-or-more-characters' };
      expect((await ask(DATA, 'slug=/sale', { headers })).statusCode).toBe(200);
    } finally {
      delete process.env.CLICKHOOK_EDGE_SECRET;
    }
  });
});

test('a link that has expired, asks for a password or blocks bots still shows its statistics', async () => {
  storeLink({ exhausted: true, password_hash: 'hash', block_bots: true });
  expect((await ask()).statusCode).toBe(200);
});

describe('a link whose statistics nobody may see', () => {
  const KINDS: [kind: string, store: () => unknown][] = [
    ['without the flag', () => storeLink({ public_analytics: false })],
    ['that does not exist', () => undefined],
    ['that is disabled', () => storeLink({ enabled: false })],
    ['in the trash', () => storeLink({ deleted: true, enabled: false })],
  ];

  test.each([DATA, PAGE])(
    'is the same 404 at %s, byte for byte, and its clicks are not read',
    async (path) => {
      const answers = [];
      for (const [, store] of KINDS) {
        table.reset();
        table.on(GetCommand).resolves({});
        store();
        answers.push(await ask(path));
        expect(requests()).toBe(1);
      }
      answers.push(await ask(path, 'slug=%2Fapi'), await ask(path, `slug=/${'a'.repeat(300)}`));
      expect(answers[0]?.statusCode).toBe(404);
      expect(answers[0]?.headers['cache-control']).toMatch(/no-store/);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    },
  );

  test('does not hide a link that gets the flag later', async () => {
    storeLink({ public_analytics: false });
    expect((await ask()).statusCode).toBe(404);
    storeLink();
    expect((await ask()).statusCode).toBe(200);
  });
});

test('a request without a slug gets a sentence that says what to send', async () => {
  expect(await ask(DATA, '')).toMatchObject({ statusCode: 422, body: expect.stringContaining('slug') });
  expect((await ask(PAGE, '')).statusCode).toBe(404);
});
