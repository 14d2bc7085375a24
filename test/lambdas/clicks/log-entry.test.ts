import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { ClickMessage, ClickParams } from '../../../lambdas/clicks/click.ts';
import { ulidOf } from '../../../lambdas/clicks/identity.ts';
import {
  clickKey,
  type LoggedDetails,
  logItem,
  monthPartitions,
  SHARDS,
} from '../../../lambdas/clicks/log-entry.ts';
import { click } from '../deliver/sample-click.ts';

const TOKEN = 'A'.repeat(16);
const TTL = 1_800_000_000;

/** A click with these members of `click`, and others of the message. */
function clickWith(details: Partial<ClickMessage['payload']['click']>, fields: Partial<ClickMessage> = {}) {
  const message = click(1, fields);
  message.payload.click = { ...message.payload.click, params: {}, ...details };
  return message;
}

const item = (message: ClickMessage) => logItem(message, TOKEN, TTL);
const stored = (message: ClickMessage): LoggedDetails => JSON.parse(item(message).click);

/** The size of an item as DynamoDB counts it: names and texts in UTF-8, numbers by their digits. */
function sizeOf(written: Record<string, string | number>): number {
  const value = (one: string | number) =>
    typeof one === 'string' ? Buffer.byteLength(one) : Math.ceil(String(one).length / 2) + 1;
  return Object.entries(written).reduce((sum, [name, one]) => sum + Buffer.byteLength(name) + value(one), 0);
}

/** Texts of a visitor: long, of any character, with half pairs, or with names that JavaScript knows. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('\0', '\ud800', '\udc00', '"', '\\', '👩', '\uffff', 'a'),
    maxLength: 900,
  }),
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'utm_source', 'timestamp'),
  fc
    .tuple(fc.constantFrom('a', 'ü', '👩', '\0'), fc.integer({ min: 0, max: 9_000 }))
    .map(([one, times]) => one.repeat(times)),
);
const params: fc.Arbitrary<ClickParams> = fc
  .array(fc.tuple(hostile, fc.oneof(hostile, fc.array(hostile, { maxLength: 6 }))), { maxLength: 12 })
  .map((entries) => Object.fromEntries(entries));
const anyClick = fc
  .record({
    country: fc.option(fc.constant('DE')),
    platform: fc.option(hostile),
    browser_name: fc.option(hostile),
    bot_name: fc.option(hostile),
    referer: fc.option(hostile),
    isp: fc.option(hostile),
    destination: fc.oneof(
      hostile,
      hostile.map((text) => `https://example.com/?utm_term=${encodeURIComponent(text.toWellFormed())}`),
    ),
    params,
  })
  .chain((details) =>
    fc
      .record({
        link_id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        workspace_id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        rule: fc.option(fc.integer({ min: 1, max: 100 })),
        counted: fc.boolean(),
      })
      .map((fields) => clickWith(details, fields)),
  );

/** Every text of a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('the entry of any click', () => {
  test('is one item of at most 1,024 bytes, whose details are JSON', () => {
    fc.assert(
      fc.property(anyClick, (message) => {
        const written = item(message);
        expect(sizeOf(written)).toBeLessThanOrEqual(1_024);
        const details: LoggedDetails = JSON.parse(written.click);
        expect(details.timestamp).toBe(message.payload.timestamp);
        expect(written).toMatchObject({
          ...clickKey(message),
          token: TOKEN,
          ttl: TTL,
          link_id: message.link_id,
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('is the whole click or marked as shortened, and no value is cut while a longer one is whole', () => {
    fc.assert(
      fc.property(anyClick, (message) => {
        const details = stored(message);
        const { click: whole } = message.payload;
        if (!details.shortened) {
          // As text, so that only what is stored matters, and not how it is parsed.
          const params = JSON.stringify(whole.params);
          expect(item(message).click.includes(`"params":${params}`)).toBe(params !== '{}');
          expect(details.isp).toBe(whole.isp ?? undefined);
          return;
        }
        const names = ['platform', 'browser', 'bot', 'isp'] as const;
        const originals = [whole.platform, whole.browser_name, whole.bot_name, whole.isp];
        const pairs = names.map((name, index) => [details[name] ?? '', originals[index] ?? ''] as const);
        for (const name of Object.keys(details.params ?? {}))
          for (const [index, kept] of textsOf(details.params?.[name]).entries())
            pairs.push([kept, textsOf(whole.params[name])[index] ?? '']);
        const longestWhole = Math.max(
          0,
          ...pairs.filter(([kept, all]) => kept === all).map(([kept]) => kept.length),
        );
        for (const [kept, all] of pairs) {
          expect(all.startsWith(kept)).toBe(true);
          // Half of a pair is not kept, so a cut value can lack one character.
          if (kept !== all) expect(kept.length).toBeGreaterThanOrEqual(longestWhole - 1);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('an entry that is too large', () => {
  test('keeps short values whole, and cuts all long ones to the same length', () => {
    const details = stored(
      clickWith({
        country: 'DE',
        isp: 'Example AG',
        referer: `https://example.org/${'r'.repeat(2_000)}`,
        params: { contact: '42', gclid: 'g'.repeat(1_500) },
      }),
    );
    expect(details).toMatchObject({
      shortened: true,
      country: 'DE',
      isp: 'Example AG',
      params: { contact: '42' },
    });
    expect(details.referer?.length).toBe(String(details.params?.gclid).length);
    expect(details.referer?.length).toBeGreaterThan(250);
  });

  test('uses all of its kilobyte', () => {
    expect(sizeOf(item(clickWith({ params: { a: 'x'.repeat(5_000) } })))).toBeGreaterThan(1_010);
  });

  test('with thousands of parameters keeps the shortest, in their order, without a text for each of them', () => {
    const names = Array.from({ length: 4_000 }, (_, index) => [`p${index}`, 'x'.repeat(index % 7)]);
    const texts = jest.spyOn(JSON, 'stringify');
    const details = stored(clickWith({ country: 'DE', params: Object.fromEntries(names) }));
    // The text of each parameter once, and then a few of the whole.
    expect(texts.mock.calls.length).toBeLessThan(4_100);
    texts.mockRestore();
    expect(details).toMatchObject({ shortened: true, country: 'DE' });
    const kept = Object.entries(details.params ?? {});
    expect(kept.length).toBeGreaterThan(40);
    const numbers = kept.map(([name]) => Number(name.slice(1)));
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    const lengths = (entries: string[][]) => entries.map((entry) => JSON.stringify(entry).length);
    const left = names.filter(([name]) => !kept.some(([one]) => one === name)) as string[][];
    expect(Math.max(...lengths(kept as string[][]))).toBeLessThanOrEqual(Math.min(...lengths(left)));
  });

  test('leaves out a parameter whose name alone is too long, and keeps everything else', () => {
    const details = stored(clickWith({ isp: 'Example AG', params: { ['n'.repeat(2_000)]: '1', a: 'b' } }));
    expect(details).toMatchObject({ shortened: true, isp: 'Example AG', params: { a: 'b' } });
  });
});

describe('an entry', () => {
  const VISITED = {
    country: 'DE',
    is_eu_country: true,
    platform: 'ios',
    browser_name: 'Safari',
    referer: 'https://example.org/page?token=secret#part',
    isp: 'Example AG',
    destination: 'https://example.com/de?utm_source=mail&utm_term=own',
    params: { contact: '42', utm_source: 'twitter', tag: ['a', 'b'] },
  };

  test('has what the reports need, and nothing else', () => {
    const details = stored(clickWith(VISITED, { rule: 2 }));
    expect(details).toEqual({
      timestamp: '2025-01-15T10:30:00.123456Z',
      country: 'DE',
      platform: 'ios',
      browser: 'Safari',
      referer: 'https://example.org/page',
      isp: 'Example AG',
      destination: 'https://example.com/de?utm_source=mail&utm_term=own',
      rule: 2,
      utm_source: 'twitter',
      utm_term: 'own',
      params: VISITED.params,
    });
    expect(Object.keys(item(clickWith(VISITED))).sort()).toEqual([
      'click',
      'link_id',
      'pk',
      'sk',
      'token',
      'ttl',
    ]);
  });

  test('has the name of a bot in place of a browser', () => {
    expect(stored(clickWith({ browser_name: null, bot_name: 'Slackbot' }))).toMatchObject({
      bot: 'Slackbot',
    });
    expect(stored(clickWith({ browser_name: null, bot_name: 'Slackbot' }))).not.toHaveProperty('browser');
  });

  test.each([
    ['https://example.org/?q=secret', 'https://example.org/'],
    ['https://example.org/#secret', 'https://example.org/'],
    ['https://example.org/a#?secret', 'https://example.org/a'],
    ['https://example.org/\n?secret\nsecret', 'https://example.org/\n'],
    ['?secret', undefined],
    [null, undefined],
  ])('of a click from %j has the referrer %j', (referer, kept) => {
    const message = clickWith({ referer });
    expect(stored(message).referer).toBe(kept);
    expect(item(message).click).not.toContain('secret');
  });

  test('has the destination only if it is not the URL of the link', () => {
    const { url } = click().payload.link;
    expect(stored(clickWith({ destination: url }))).not.toHaveProperty('destination');
    expect(stored(clickWith({ destination: `${url}?a=1` })).destination).toBe(`${url}?a=1`);
  });

  test.each([
    [{ utm_source: 'own' }, 'own'],
    [{ utm_source: ['own', 'second'] }, 'own'],
    [{ utm_source: '' }, 'given'],
    [{}, 'given'],
  ])('with the parameters %j has the campaign %s', (own, source) => {
    const destination = 'https://example.com/?utm_source=given';
    expect(stored(clickWith({ destination, params: own as ClickParams })).utm_source).toBe(source);
  });

  test('has no campaign of a name that every object has', () => {
    expect(stored(clickWith({ destination: 'https://example.com/' }))).not.toHaveProperty('utm_source');
    const inherited = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const kept = item(clickWith({ params: inherited })).click;
    expect(kept).toContain('"params":{"__proto__":"x","constructor":"y"}');
  });

  test('of a click with strict privacy has no country, ISP and referrer', () => {
    const details = stored(clickWith({ ...VISITED, country: null, isp: null, referer: null }));
    for (const name of ['country', 'isp', 'referer']) expect(details).not.toHaveProperty(name);
  });
});

describe('the key of a click', () => {
  const at = (epochMs: number, last = 0) =>
    clickWith({ id: ulidOf(epochMs, Buffer.from([...Array(9).fill(0), last])) });

  test('is its workspace, the month of its id in UTC and one of four shards, and its id', () => {
    const message = at(Date.UTC(2026, 0, 31, 23, 59, 59, 999));
    expect(clickKey(message)).toEqual({
      pk: expect.stringMatching(/^CLICK#1#2026-01#[0-3]$/),
      sk: message.payload.click.id,
    });
    expect(clickKey(at(Date.UTC(2026, 1, 1))).pk).toMatch(/^CLICK#1#2026-02#/);
  });

  test('is the same for each copy of a message, and in the partitions that a report reads', () => {
    fc.assert(
      fc.property(anyClick, (message) => {
        const copy = JSON.parse(JSON.stringify(message));
        expect(clickKey(copy)).toEqual(clickKey(message));
        const month = '2025-01';
        const expected = message.counted
          ? monthPartitions(message.workspace_id, month)
          : [`SAMPLE#${message.workspace_id}`];
        expect(expected).toContain(clickKey(message).pk);
      }),
    );
  });

  test('spreads over the shards', () => {
    const partitions = Array.from({ length: 32 }, (_, last) => clickKey(at(Date.UTC(2026, 0), last)).pk);
    const counts = Map.groupBy(partitions, (pk) => pk);
    expect([...counts.keys()].sort()).toEqual(monthPartitions(1, '2026-01'));
    for (const same of counts.values()) expect(same.length).toBeGreaterThan(0.75 * (32 / SHARDS));
  });

  test('of a sample click is in no partition of the log', () => {
    expect(clickKey(clickWith({}, { counted: false })).pk).toBe('SAMPLE#1');
  });
});
