import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import { BROWSER_NAMES, EU_COUNTRIES, PLATFORMS } from '../../../../lambdas/clicks/visitor-values.ts';
import { linkFieldsSchema } from '../../../../lambdas/links/fields.ts';
import { checkMatches } from '../../../../lambdas/links/rules/matches.ts';
import {
  BROWSER_SYNONYMS,
  PLATFORM_SYNONYMS,
  RULE_PLATFORMS,
  RULE_WHATS,
  type RuleWhat,
} from '../../../../lambdas/links/rules/vocabulary.ts';
import { matchingRule, UNKNOWN_VISITOR } from '../../../../lambdas/redirect/rules.ts';

const EU = EU_COUNTRIES.join(', ');
const LEADS_TO = 'https://example.com/';
const saved = (rule: object) => linkFieldsSchema.parse({ rules: [{ url: LEADS_TO, ...rule }] }).rules?.[0];
const problems = (...rules: object[]) =>
  linkFieldsSchema
    .safeParse({ rules: rules.map((rule) => ({ url: LEADS_TO, ...rule })) })
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

test.each([
  ['country', 'US', 'US'],
  ['country', ' us , GB;ca|de\nfr\r\nit es', 'US, GB, CA, DE, FR, IT, ES'],
  ['country', 'us;ca', 'US, CA'],
  ['country', 'us ca', 'US, CA'],
  ['country', 'US|CA', 'US, CA'],
  ['country', 'US/CA', 'US, CA'],
  ['country', 'US\u2028CA\tMX', 'US, CA, MX'],
  ['country', 'US，CA、MX', 'US, CA, MX'],
  ['country', '"US"', 'US'],
  ['country', '"US","CA"', 'US, CA'],
  ['country', '["US", "CA"]', 'US, CA'],
  ['country', "'us' “ca”", 'US, CA'],
  ['country', 'UK', 'GB'],
  ['country', 'EL', 'GR'],
  ['country', 'EU', EU],
  ['country', 'eu, CH, DE', `${EU}, CH`],
  ['country', 'European Union', EU],
  ['country', 'USA, DEU GBR', 'US, DE, GB'],
  ['country', 'U.S.A., U.K.', 'US, GB'],
  ['country', 'United States', 'US'],
  ['country', 'united_states, South-Korea', 'US, KR'],
  ['country', 'the netherlands germany United Kingdom', 'NL, DE, GB'],
  ['country', 'Germany and Austria & US', 'DE, AT, US'],
  ['country', 'Trinidad & Tobago, Bosnia and Herzegovina, Antigua and Barbuda', 'TT, BA, AG'],
  ['country', 'Côte d’Ivoire; Turkiye; Curaçao', 'CI, TR, CW'],
  ['country', 'Guinea-Bissau, Timor-Leste, Falkland Islands (Malvinas)', 'GW, TL, FK'],
  ['country', 'us, US, USA, America', 'US'],
  ['country', 'pe ru ch ad', 'PE, RU, CH, AD'],
  ['country', 'and', 'AD'],
  ['country', 'XK, Kosovo', 'XK'],
  ['platform', 'Desktop', 'desktop'],
  ['platform', 'windows', 'windows'],
  ['platform', 'macos; OS X|mac os x, osx Macs', 'macos'],
  ['platform', 'tablet', 'tablet'],
  ['platform', 'iPhones', 'ios'],
  ['platform', 'iphone ipad', 'ios'],
  ['platform', 'smart tv', 'tv'],
  ['platform', 'Smart_TV, smart-tv smarttv', 'tv'],
  ['platform', 'phone, smartphones, Mobile phones', 'mobile'],
  ['platform', 'PC, laptops', 'desktop'],
  ['device', 'Chrome OS linux', 'chromeos, linux'],
  ['device', 'android phone', 'android'],
  ['browser', 'samsung', 'Samsung Internet'],
  ['browser', 'Samsung Internet', 'Samsung Internet'],
  ['browser', 'samsung_internet chrome', 'Samsung Internet, Chrome'],
  ['browser', 'Mobile Safari', 'Safari'],
  ['browser', 'Chrome Mobile, CriOS, mobile chrome;Google Chrome', 'Chrome'],
  ['browser', 'MS Edge, Microsoft Edge', 'Edge'],
  ['browser', 'ie|internet explorer', 'Internet Explorer'],
  ['browser', 'FxiOS Firefox', 'Firefox'],
  ['browser', 'chrome browser, yandex, uc', 'Chrome, Yandex Browser, UC Browser'],
  ['browser', 'instagram facebook', 'Instagram, Facebook'],
  ['language', 'en_US', 'en-US'],
  ['language', 'EN-us de', 'en-US, de'],
  ['language', 'English', 'en'],
  ['language', 'Deutsch, français; Español', 'de, fr, es'],
  ['language', 'no', 'no'],
  ['language', 'iw', 'he'],
  ['language', 'in', 'id'],
  ['language', 'eng, ger', 'en, de'],
  ['language', 'en-UK', 'en-GB'],
  ['language', 'en_US.UTF-8', 'en-US'],
  ['language', 'English (US), English (UK)', 'en-US, en-GB'],
  ['language', 'Portuguese (Brazil); French (Canada)', 'pt-BR, fr-CA'],
  ['language', 'English (United States)', 'en-US'],
  ['language', 'es-419, es_419', 'es-419'],
  ['language', 'Latin American Spanish', 'es-419'],
  ['language', 'zh_tw zh-hant', 'zh-TW, zh-Hant'],
  ['language', 'Simplified Chinese, Brazilian Portuguese, Norwegian', 'zh-Hans, pt-BR, no'],
  ['language', 'Norwegian Bokmål', 'nb'],
  ['language', 'ca-valencia fil yue', 'ca-valencia, fil, yue'],
  ['bot', 'Googlebot; bingbot|Slackbot', 'Googlebot, bingbot, Slackbot'],
  ['bot', '"Snap URL Preview", Googlebot, googlebot', 'Snap URL Preview, Googlebot'],
  ['bot', null, null],
  ['bot', ' ', null],
  ['bot', 'any', null],
  ['bot', 'ALL', null],
  ['bot', '*', null],
  ['bot', 'true', null],
  ['rotator', 'nonsense', null],
] as const)('%s %j is stored as %j', (what, matches, stored) => {
  expect(saved({ what, matches, percentage: 10 })?.matches).toBe(stored);
});

test.each([
  ['country', '-US', '-US'],
  ['country', 'CA, –US', '–US'],
  ['country', 'T1', 'T1'],
  ['country', 'XX', 'XX'],
  ['country', 'A1', 'A1'],
  ['country', 'AP', 'AP'],
  ['country', 'ZZ', 'ZZ'],
  ['country', 'US-CA', 'US-CA'],
  ['country', 'Klingon Empire', 'Klingon Empire'],
  ['country', 'US, Atlantis, CA', 'Atlantis'],
  ['country', 'Korea', 'Korea'],
  ['country', 'constructor', 'constructor'],
  ['country', 'Congo', 'Congo'],
  ['platform', 'amiga', 'amiga'],
  ['platform', 'android tablet', 'android tablet'],
  ['platform', 'windows phone', 'windows phone'],
  ['device', 'toaster', 'toaster'],
  ['browser', 'Netscape', 'Netscape'],
  ['browser', 'Chrome 120', '120'],
  ['language', 'jp', 'jp'],
  ['language', 'xx', 'xx'],
  ['language', 'en-XX', 'en-XX'],
  ['language', 'Klingonisch', 'Klingonisch'],
  ['language', 'und', 'und'],
  ['language', '*', '*'],
  ['language', '__proto__', '__proto__'],
] as const)('%s %j is a problem that names %j and the known words', (what, matches, unknown) => {
  expect(problems({ what, matches })).toEqual([
    expect.stringMatching(new RegExp(`^rules\\.0\\.matches contains "${unknown.replaceAll('*', '\\*')}",`)),
  ]);
});

test('the problem lists the known words, all of them if the list is short', () => {
  expect(problems({ what: 'platform', matches: 'amiga' })).toEqual([
    'rules.0.matches contains "amiga", which a platform rule does not know. Use desktop, ios, android, mobile, tablet, tv, windows, macos, linux, chromeos',
  ]);
  expect(problems({ what: 'country', matches: 'T1' })?.[0]).toContain('Use two-letter codes such as US, GB');
  expect(problems({ what: 'browser', matches: 'x1' })?.[0]).toContain(BROWSER_NAMES.join(', '));
  expect(problems({ what: 'moon', matches: 'full' })?.[0]).toContain(Object.keys(RULE_WHATS).join(', '));
  expect(problems({ what: 'country', matches: 'q1 q2 q3 q4 q5 q6'.split(' ').join(',') })?.[0]).toContain(
    '"q5" or others',
  );
});

describe.each(['country', 'platform', 'device', 'browser', 'language'])('a %s rule', (what) => {
  test.each([undefined, null, '', '  ', ',', '""', '\n;'])('of %j is a problem at matches', (matches) => {
    expect(problems({ what, matches })).toEqual([expect.stringMatching(/^rules\.0\.matches is missing/)]);
  });
});

test.each([
  ['English (India)', 'en-IN'],
  ['English (Ireland), English (New Zealand)', 'en-IE, en-NZ'],
  ['Spanish (Argentina)', 'es-AR'],
  ['French (France)', 'fr-FR'],
  ['German (Germany); German (Austria)', 'de-DE, de-AT'],
  ['Deutsch (Österreich)', 'de-AT'],
  ['Italian (Italy)', 'it-IT'],
  ['Chinese (Simplified), Chinese (Traditional)', 'zh-Hans, zh-Hant'],
  ['Chinese (Taiwan)', 'zh-TW'],
  ['Chinese (Hong Kong)', 'zh-HK'],
  ['English (USA)', 'en-US'],
  ['US English', 'en-US'],
  ['UK English', 'en-GB'],
  ['Spanish (Latin America)', 'es-419'],
  ['Español (Latinoamérica)', 'es-419'],
])('a language with its region in brackets, %s, is stored as %s', (matches, stored) => {
  expect(saved({ what: 'language', matches })?.matches).toBe(stored);
});

test('what a rule looks at is accepted in any case', () => {
  expect(saved({ what: ' Country ', matches: 'US' })).toMatchObject({ what: 'country' });
});

describe('rotators', () => {
  const rotator = (percentage: unknown) => ({ what: 'rotator', percentage });

  test.each([undefined, null, ''])('with a percentage of %j are a problem', (percentage) => {
    expect(problems(rotator(percentage))).toEqual([
      'rules.0.percentage is missing. Enter the share of the clicks, from 0 to 100',
    ]);
  });

  test('share at most 100 percent, because more could never be reached', () => {
    expect(problems(rotator(50), { what: 'bot' }, rotator(50), rotator(0))).toBeUndefined();
    expect(problems(rotator(50), rotator(40), rotator(20), rotator(5))).toEqual([
      expect.stringMatching(/^rules\.3\.percentage can never be reached/),
    ]);
  });
});

test('every country that a click can have can be named, by both its codes', () => {
  const { resolve } = createRequire(import.meta.url);
  const located = ['4', '6'].flatMap((family) => {
    const csv = readFileSync(resolve(`@ip-location-db/asn-country/asn-country-ipv${family}.csv`), 'utf8');
    return csv.split('\n').flatMap((line) => line.trim().split(',')[2] ?? []);
  });
  const everywhere = new Set([...located, 'XK', ...codes.map(([alpha2 = '']) => alpha2)]);
  expect(everywhere.size).toBeGreaterThan(240);
  for (const code of everywhere) expect(checkMatches('country', code)).toEqual({ matches: code });
  for (const [alpha2, alpha3 = ''] of codes)
    expect(checkMatches('country', alpha3)).toEqual({ matches: alpha2 });
});

test('every English name of a country is understood', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  for (const [alpha2 = ''] of codes) {
    expect(checkMatches('country', names.of(alpha2) ?? '')).toEqual({ matches: alpha2 });
  }
});

test('every platform and browser that a click can have can be named', () => {
  for (const name of PLATFORMS) expect(checkMatches('platform', name)).toEqual({ matches: name });
  for (const name of BROWSER_NAMES) expect(checkMatches('browser', name)).toEqual({ matches: name });
});

test('synonyms stand for names that exist', () => {
  expect(Object.keys(PLATFORM_SYNONYMS).filter((name) => !RULE_PLATFORMS.includes(name))).toEqual([]);
  expect(Object.keys(BROWSER_SYNONYMS).filter((name) => !BROWSER_NAMES.includes(name))).toEqual([]);
  for (const [name, words] of Object.entries(BROWSER_SYNONYMS)) {
    for (const word of words) expect(checkMatches('browser', word)).toEqual({ matches: name });
  }
});

test('a stored form is stored unchanged when it is saved again', () => {
  const kinds = fc.constantFrom<[RuleWhat, string]>(
    ['country', 'EU United States, UK, xk'],
    ['platform', 'phone, pc smart tv, mac tablet'],
    ['browser', 'samsung, ie, mobile safari, whale'],
    ['language', 'English, no, zh_TW, iw, pt-BR'],
    ['bot', 'Googlebot; Snap URL Preview'],
  );
  fc.assert(
    fc.property(kinds, fc.constantFrom(',', ';', '|', '\n', ', '), ([what, text], separator) => {
      const { matches } = checkMatches(what, text.replaceAll(', ', separator)) as { matches: string };
      expect(checkMatches(what, matches)).toEqual({ matches });
    }),
  );
});

test('whatever is sent, the result is a stored form or a sentence', () => {
  const whats = fc.constantFrom(...(Object.keys(RULE_WHATS) as RuleWhat[]));
  fc.assert(
    fc.property(whats, fc.string({ unit: 'binary', maxLength: 1_024 }), (what, text) => {
      const { problem = '' } = checkMatches(what, text);
      expect(problem.length).toBeLessThan(2_000);
    }),
  );
});

describe('a visitor', () => {
  const applies = (what: string, matches: string, visitor: object) =>
    matchingRule([{ what, matches, url: LEADS_TO }], { ...UNKNOWN_VISITOR, ...visitor }, 0.5) === 0;

  test.each([
    ['EU', { country: 'FR' }, true],
    ['EU', { country: 'CH' }, false],
    ['UK', { country: 'GB' }, true],
    ['us;ca', { country: 'CA' }, true],
  ])('matches the saved country rule %s: %j', (matches, visitor, expected) => {
    expect(applies('country', saved({ what: 'country', matches })?.matches ?? '', visitor)).toBe(expected);
  });

  test.each([
    ['tablet', { platform: 'ios', device: 'tablet', system: 'ios' }, true],
    ['tablet', { platform: 'tablet', device: null, system: null }, true],
    ['tablet', { platform: 'ios', device: 'phone', system: 'ios' }, false],
    ['windows', { platform: 'desktop', device: 'desktop', system: 'windows' }, true],
    ['windows', { platform: 'tv', device: 'tv', system: 'windows' }, false],
    ['macs', { platform: 'desktop', device: 'desktop', system: 'macos' }, true],
    ['macos', { platform: 'desktop', device: 'desktop', system: 'windows' }, false],
    ['linux', { platform: 'desktop', device: 'desktop', system: 'linux' }, true],
    ['linux', { platform: 'android', device: 'phone', system: 'android' }, false],
    ['chromebook', { platform: 'desktop', device: 'desktop', system: 'chromeos' }, true],
    ['android', { platform: 'android', device: 'tablet', system: 'android' }, true],
    ['android', { platform: 'tv', device: 'tv', system: 'android' }, false],
    ['smart tv', { platform: 'tv', device: 'tv', system: 'android' }, true],
    ['phone', { platform: 'android', device: 'phone', system: 'android' }, true],
    ['iPhones', { platform: 'ios', device: 'phone', system: 'ios' }, true],
    ['pc', { platform: 'desktop' }, true],
  ])('matches the saved platform rule %s: %j', (matches, visitor, expected) => {
    expect(applies('platform', saved({ what: 'platform', matches })?.matches ?? '', visitor)).toBe(expected);
  });

  test.each([
    ['no', 'nb-NO', true],
    ['no', 'nn-NO', true],
    ['no', 'no', true],
    ['nb', 'no', true],
    ['nb', 'nn-NO', false],
    ['nn', 'no', false],
    ['he', 'iw-IL', true],
    ['iw', 'he', true],
    ['id', 'in', true],
    ['in', 'id-ID', true],
    ['en_US', 'en-us', true],
    ['en-US', 'en-GB', false],
    ['en', 'en-Latn-GB', true],
    ['en-GB', 'en-Latn-GB', true],
    ['zh-Hant', 'zh-TW', true],
    ['zh-Hant', 'zh-HK', true],
    ['zh-Hant', 'zh-CN', false],
    ['zh-Hant', 'zh', false],
    ['zh-Hans', 'zh', true],
    ['zh-Hans', 'zh-SG', true],
    ['zh-TW', 'zh-Hant-TW', true],
    ['zh-TW', 'zh-Hant-HK', false],
    ['zh', 'zh-Hant-HK', true],
    ['pt-BR', 'pt', false],
    ['es-419', 'es-419', true],
    ['es', 'es-419', true],
    ['es-419', 'es-ES', false],
    ['ca-valencia', 'ca', false],
    ['ca', 'ca-valencia', true],
  ])('matches the saved language rule %s when it prefers %s: %j', (matches, language, expected) => {
    const stored = saved({ what: 'language', matches })?.matches ?? '';
    expect(applies('language', stored, { language })).toBe(expected);
  });

  test.each([
    ['Google', 'Googlebot', true],
    ['google', 'Googlebot-Image', true],
    ['bingbot; Snap URL', 'Snap URL Preview', true],
    ['Yahoo! Slurp', 'Yahoo! Slurp', true],
    ['ångström', 'Ångström-Bot', true],
    ['lebot', 'Googlebot', false],
    ['Googlebot-Image', 'Googlebot', false],
    ['Googlebot', 'Google', false],
    ['any', 'Unknown bot', true],
    ['', 'Unknown bot', true],
    ['Google', null, false],
    ['any', null, false],
  ])('matches the saved bot rule %j by the beginning of its name, %s: %j', (matches, bot_name, expected) => {
    const stored = saved({ what: 'bot', matches })?.matches ?? '';
    expect(applies('bot', stored, { bot_name })).toBe(expected);
  });

  test.each([
    ['country', 'UK', { country: 'GB' }, false],
    ['country', 'us;ca', { country: 'US' }, false],
    ['country', 'T1, DE', { country: 'DE' }, true],
    ['platform', 'toaster, iPhone', { platform: 'ios' }, true],
    ['browser', 'Netscape,Microsoft Edge', { browser_name: 'Edge' }, true],
    ['language', 'klingon, de', { language: 'de-AT' }, true],
    ['language', 'x', { language: 'de-AT' }, false],
    ['language', 'iw', { language: 'iw' }, true],
    ['bot', 'any', { bot_name: 'any' }, true],
    ['moon', 'full', { country: 'DE' }, false],
  ])(
    'matches a stored %s rule with unknown entries (%s) as before: %j',
    (what, matches, visitor, expected) => {
      expect(applies(what, matches, visitor)).toBe(expected);
    },
  );
});
