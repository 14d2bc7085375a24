import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Link, Rule } from '../../../lambdas/links/link.ts';
import { chooseDestination, isExpired, parameters, queryOf } from '../../../lambdas/redirect/destination.ts';
import { type RuleSubject, UNKNOWN_VISITOR } from '../../../lambdas/redirect/rules.ts';
import { runs } from '../../full-runs.ts';
import { sampleLink } from '../sample-link.ts';

const OWN = 'https://example.com/landing-page';
const OTHER = 'https://other.example/';
const rule = (what: string, matches: string | null): Rule => ({ what, matches, url: OTHER });
const rotator = (name: string, percentage: number): Rule => ({
  what: 'rotator',
  matches: null,
  url: `https://${name}.example/`,
  percentage,
});
const choose = (fields: Partial<Link>, visitor: Partial<RuleSubject> = {}, query = '', draw = 0.5) =>
  chooseDestination(sampleLink(fields), { ...UNKNOWN_VISITOR, ...visitor }, query, () => draw);
const go = (...args: Parameters<typeof choose>) => choose(...args).destination;

describe('a rule', () => {
  test.each([
    ['country', 'US', { country: 'US' }, true],
    ['country', ' us , gb', { country: 'GB' }, true],
    ['country', 'US', { country: 'DE' }, false],
    ['country', 'US', {}, false],
    ['country', null, { country: 'US' }, false],
    ['platform', 'iOS', { platform: 'ios' }, true],
    ['device', 'ios', { platform: 'ios' }, true],
    ['device', 'mobile', { platform: 'android' }, true],
    ['platform', 'mobile', { platform: 'ios' }, true],
    ['platform', 'iPhone', { platform: 'ios' }, true],
    ['platform', 'mobile', { platform: 'desktop' }, false],
    ['platform', 'constructor', { platform: 'ios' }, false],
    ['browser', 'chrome, firefox', { browser_name: 'Firefox' }, true],
    ['browser', 'Microsoft Edge', { browser_name: 'Edge' }, true],
    ['browser', 'Safari', { browser_name: 'Chrome' }, false],
    ['language', 'de', { language: 'de-AT' }, true],
    ['language', 'pt-BR', { language: 'pt-br' }, true],
    ['language', 'pt-BR', { language: 'pt' }, false],
    ['language', 'de', { language: 'den' }, false],
    ['bot', 'Googlebot', { bot_name: 'Googlebot' }, true],
    ['bot', null, { bot_name: 'curl' }, true],
    ['bot', null, {}, false],
    ['moon', 'full', { country: 'US' }, false],
  ])('%s %s for %j applies: %s', (what, matches, visitor, applies) => {
    expect(go({ rules: [rule(what, matches)] }, visitor)).toBe(applies ? OTHER : OWN);
  });

  test('that comes first wins', () => {
    const rules = [
      rule('country', 'DE'),
      { ...rule('country', 'US'), url: 'https://first.example/' },
      rule('country', 'US'),
    ];
    expect(choose({ rules }, { country: 'US' })).toEqual({ destination: 'https://first.example/', rule: 2 });
  });

  test('that decides is named by its number, and is null when the URL of the link does', () => {
    const rules = [rotator('a', 50), rule('country', 'DE'), rotator('b', 50)];
    const numbers = [0, 0.49, 0.5, 0.999].map((draw) => choose({ rules }, {}, '', draw).rule);
    expect(numbers).toEqual([1, 1, 3, 3]);
    expect(choose({ rules }, { country: 'DE' }, '', 0.7).rule).toBe(2);
    expect(choose({ rules: rules.slice(0, 2) }, {}, '', 0.7)).toEqual({ destination: OWN, rule: null });
    const long = 'x'.repeat(10_000);
    const forward = { rules, forward_params: true, utm_source: 'mail' };
    expect(choose(forward, { country: 'DE' }, `a=${long}`, 0.7).rule).toBe(2);
  });
});

describe('a rotator', () => {
  test('takes its share of all clicks, whatever the ones before it take', () => {
    const rules = [rotator('a', 50), rule('country', 'DE'), rotator('b', 50)];
    expect([0, 0.49].map((draw) => go({ rules }, {}, '', draw))).toEqual(Array(2).fill('https://a.example/'));
    expect([0.5, 0.999].map((draw) => go({ rules }, {}, '', draw))).toEqual(
      Array(2).fill('https://b.example/'),
    );
    expect(go({ rules }, { country: 'DE' }, '', 0.7)).toBe(OTHER);
  });

  test('is within one percentage point of its setting over 100,000 seeded draws', () => {
    let state = 20_250_115;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const seen = new Map<string, number>();
    const link = sampleLink({
      rules: [rotator('a', 20), rotator('b', 33), rotator('c', 0), rotator('d', 7)],
    });
    for (let draw = 0; draw < 100_000; draw++) {
      const url = chooseDestination(link, UNKNOWN_VISITOR, '', random).destination;
      seen.set(url, (seen.get(url) ?? 0) + 1);
    }
    const share = (url: string) => (seen.get(url) ?? 0) / 1_000;
    for (const [url, percent] of [
      ['https://a.example/', 20],
      ['https://b.example/', 33],
      ['https://d.example/', 7],
      [OWN, 40],
    ] as const) {
      expect(Math.abs(share(url) - percent)).toBeLessThan(1);
    }
    expect(share('https://c.example/')).toBe(0);
  });
});

describe('parameters', () => {
  test.each([
    ['nothing is added', {}, 'a=1', OWN],
    [
      'utm is added',
      { utm_source: 'mail', utm_term: 'a b&c' },
      '',
      `${OWN}?utm_source=mail&utm_term=a%20b%26c`,
    ],
    [
      'utm replaces that of the url',
      { url: 'https://e.example/?utm_source=old&x=1#top', utm_source: 'new' },
      '',
      'https://e.example/?x=1&utm_source=new#top',
    ],
    ['the click’s are forwarded', { forward_params: true }, 'a=1&a=2&b=', `${OWN}?a=1&a=2&b=`],
    [
      'a forwarded one wins over utm',
      { forward_params: true, utm_source: 'mine', utm_medium: 'm' },
      'utm_source=theirs',
      `${OWN}?utm_medium=m&utm_source=theirs`,
    ],
    [
      'names are compared decoded',
      { url: 'https://e.example/?a%62=1', forward_params: true },
      '%61b=2',
      'https://e.example/?%61b=2',
    ],
    [
      'plus, percent and non-ASCII stay',
      { forward_params: true },
      'q=a+b%2Bc&r=100%&s=é&t=%E9&u',
      `${OWN}?q=a+b%2Bc&r=100%&s=%C3%A9&t=%E9&u`,
    ],
    [
      'the url’s own query stays as it is',
      { url: 'https://e.example/?q=a+b%2B&q&=x', utm_source: 's' },
      '',
      'https://e.example/?q=a+b%2B&q&=x&utm_source=s',
    ],
    ['a name that starts with a question mark keeps it', { forward_params: true }, '?a=1', `${OWN}??a=1`],
    ['a question mark within the query stays', { forward_params: true }, 'y=1&?a=2', `${OWN}?y=1&?a=2`],
    [
      'a name with a question mark is another name',
      { url: 'https://e.example/?a=1', forward_params: true },
      '?a=2',
      'https://e.example/?a=1&?a=2',
    ],
    [
      'the name with a question mark that the url has is replaced',
      { url: 'https://e.example/??a=1', forward_params: true },
      '?a=2',
      'https://e.example/??a=2',
    ],
    [
      'a name with a question mark stays beside utm',
      { url: 'https://e.example/??utm_source=old', utm_source: 'new' },
      '',
      'https://e.example/??utm_source=old&utm_source=new',
    ],
    ['two question marks alone are a name', { forward_params: true }, '??', `${OWN}???`],
    ['a hash in the query does not end it', { forward_params: true }, 'a=1#b', `${OWN}?a=1%23b`],
    [
      'a rule’s url gets them too',
      { rules: [rule('bot', null)], utm_source: 's' },
      '',
      `${OTHER}?utm_source=s`,
    ],
  ])('%s', (title, fields, query, destination) => {
    expect(go(fields, title.startsWith('a rule') ? { bot_name: 'curl' } : {}, query)).toBe(destination);
  });
});

test.each([
  ['?', '', []],
  ['', '', []],
  ['?a=1', 'a=1', ['a']],
  ['??a=1', '?a=1', ['?a']],
  ['a=1&?b=2', 'a=1&?b=2', ['a', '?b']],
  ['?=1', '=1', ['']],
  ['?%3Fa=1', '%3Fa=1', ['?a']],
])('of the raw query %j lose one question mark at the beginning', (rawQueryString, query, names) => {
  expect(queryOf({ rawQueryString })).toBe(query);
  expect(parameters(query).map(({ name }) => name)).toEqual(names);
});

describe('for any link, visitor and request', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '//evil.example',
      '@evil.example/',
      'javascript:alert(1)',
      '\r\nset-cookie: a=1',
      '#',
      '?',
      '&',
      '%0d%0a',
      '%',
      '../..',
      '\\evil.example',
    ),
  );
  const url = fc.webUrl({ withQueryParameters: true, withFragments: true }).map((one) => new URL(one).href);
  const nullable = fc.option(text);
  const anyRule = fc.record({
    what: fc.constantFrom('country', 'platform', 'device', 'rotator', 'browser', 'language', 'bot'),
    matches: nullable,
    url,
    percentage: fc.integer({ min: 0, max: 100 }),
  });
  const anyLink = fc.record({
    url,
    rules: fc.array(anyRule, { maxLength: 5 }),
    forward_params: fc.boolean(),
    utm_source: nullable,
    utm_medium: nullable,
    utm_content: nullable,
  });
  const anyVisitor = fc.record({
    country: nullable,
    platform: nullable,
    browser_name: nullable,
    bot_name: nullable,
    language: nullable,
  });

  test('the destination is one of the link’s own URLs plus parameters, and a valid Location', () => {
    fc.assert(
      fc.property(
        anyLink,
        anyVisitor,
        text,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (fields, visitor, query, draw) => {
          const link = sampleLink(fields as Partial<Link>);
          const { destination, rule } = chooseDestination(
            link,
            { ...UNKNOWN_VISITOR, ...visitor },
            query,
            () => draw,
          );
          const withoutQuery = (href: string) => {
            const { origin, username, password, pathname, hash } = new URL(href);
            return JSON.stringify([origin, username, password, pathname, hash]);
          };
          const own = rule === null ? link.url : link.rules[rule - 1]?.url;
          expect(withoutQuery(destination)).toBe(withoutQuery(own ?? ''));
          expect(destination).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
          expect(new URL(destination).href).toBe(destination);
        },
      ),
      { numRuns: runs(2_000, 300) },
    );
  });
});

test.each([
  [{}, false],
  [{ exhausted: true }, true],
  [{ expiry_datetime: '2025-01-15T10:30:00.000Z' }, true],
  [{ expiry_datetime: '2025-01-15T10:30:01.000Z' }, false],
])('a link with %j is expired: %s', (fields, expired) => {
  expect(isExpired(sampleLink(fields), Date.UTC(2025, 0, 15, 10, 30))).toBe(expired);
});
