import { expect, test } from '@jest/globals';
import { describeUserAgent } from '../../../../lambdas/redirect/user-agent/user-agent.ts';
import { type Bot, MAIL_SCANNERS, OTHER_BOTS, PREVIEWS_AT_WORK, SCRIPTS, SOCIAL_CRAWLERS } from './bots.ts';

const seen = (bots: Bot[]) =>
  bots.map(([, userAgent]) => {
    const { bot_name, browser_name, is_social_crawler } = describeUserAgent(userAgent);
    return { userAgent, bot_name, browser_name, is_social_crawler };
  });
const wanted = (bots: Bot[], is_social_crawler: boolean) =>
  bots.map(([bot_name, userAgent]) => ({ userAgent, bot_name, browser_name: null, is_social_crawler }));

test('previews of chats, social networks and the fediverse are named, and count as social crawlers', () => {
  expect(seen(SOCIAL_CRAWLERS)).toEqual(wanted(SOCIAL_CRAWLERS, true));
});

test('previews of tools where people work and collect links are named, and count as social crawlers', () => {
  expect(seen(PREVIEWS_AT_WORK)).toEqual(wanted(PREVIEWS_AT_WORK, true));
});

test('scripts are named bots, whatever browser’s name they put before their own', () => {
  expect(seen(SCRIPTS)).toEqual(wanted(SCRIPTS, false));
});

test('an app that only sends its own name and its system’s library belongs to a person', () => {
  expect(describeUserAgent('ExampleApp/7 CFNetwork/1410.0.3 Darwin/22.6.0')).toMatchObject({
    bot_name: null,
  });
});

test.each(['a', '\u{20000}', 'a\u{20000}', `${'a'.repeat(63)}\u{20000}`])(
  'a shortened name has no half of a character at its end: %j',
  (unit) => {
    const { bot_name } = describeUserAgent(`${unit.repeat(100)}bot/1.0`);
    expect(bot_name?.isWellFormed()).toBe(true);
    expect(bot_name?.length).toBeLessThanOrEqual(64);
  },
);

test.each([
  ['Ang\u00adstrom-Bot/1.0', 'Angstrom-Bot'],
  ['ربات\u200cخزنده-bot/1.0', 'رباتخزنده-bot'],
  ['\u{feff}\u202dExampleBot\u202c/2.1', 'ExampleBot'],
  ['A\u030angstro\u0308m-Bot/1.0', 'A\u030angstro\u0308m-Bot'],
])('invisible characters within a name do not split it: %j', (userAgent, name) => {
  expect(describeUserAgent(userAgent).bot_name).toBe(name);
});

test('mail scanners and office programs are named bots, and not social crawlers', () => {
  expect(seen(MAIL_SCANNERS)).toEqual(wanted(MAIL_SCANNERS, false));
});

test('search engines, monitors and libraries are named by their product, and are not social crawlers', () => {
  expect(seen(OTHER_BOTS)).toEqual(wanted(OTHER_BOTS, false));
});

/** The name of a bot in different places of a User-Agent, with URLs full of words that name other bots. */
test.each([
  (product: string) => `${product} (+https://www.google.com/bot.html; support@http.example)`,
  (product: string) => `Mozilla/5.0 (compatible; ${product}; +http://support.example.com/curl/url/preview)`,
  (product: string) => `Mozilla/5.0 (compatible; ${product}; curl@facebookexternalhit.example)`,
  (product: string) =>
    `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ${product}; +https://bot.example) Chrome/120.0.0.0 Safari/537.36`,
  (product: string) =>
    `Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0 Mobile Safari/537.36 (compatible; ${product}; https://bot.example)`,
  (product: string) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 ${product} (https://bot.example)`,
])('a bot is called by its product wherever that is: form %#', (form) => {
  for (const name of [
    'ExampleBot',
    'example-fetcher',
    'Example.Chat',
    'example_scan',
    'Yahoo! Slurp',
    '7Sites',
  ])
    for (const version of ['', '/1', '/2.0.1', '/v3.1-beta', ' 4.5'])
      expect(describeUserAgent(form(name + version)).bot_name).toBe(name);
});

test('a previewer that imitates well-known crawlers is a social crawler with its own name', () => {
  const lounge =
    'Mozilla/5.0 (compatible; The Lounge IRC Client; +https://github.com/thelounge/thelounge) facebookexternalhit/1.1 Twitterbot/1.0';
  expect(describeUserAgent(lounge)).toMatchObject({ is_social_crawler: true });
});

test.each([
  'Pinterest for Android/11.43.0 (panther; 13; Android)',
  'Slack/23.10 (Android 13)',
  'Slack/4.35.126 (iPhone; iOS 17.1)',
  'Tumblr/31.0 (Android 13; Pixel 7)',
  'Viber/21.0.0.0 (Android 13; Pixel 7)',
])('an app on a phone is a person: %s', (userAgent) => {
  expect(describeUserAgent(userAgent)).toMatchObject({ bot_name: null, is_social_crawler: false });
});
