import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeUserAgent } from '../../../../lambdas/redirect/user-agent/user-agent.ts';
import { runs } from '../../../full-runs.ts';
import { USER_AGENTS } from './user-agents.ts';

const titled = USER_AGENTS.map((one) => [one[0].slice(0, 200), ...one] as const);

test.each(titled)('%s', (_title, userAgent, platform, browser_name, bot_name) => {
  expect(describeUserAgent(userAgent)).toMatchObject({ platform, browser_name, bot_name });
});

test('without the header everything is unknown', () => {
  expect(describeUserAgent(undefined)).toEqual({
    platform: null,
    device: null,
    system: null,
    browser_name: null,
    bot_name: null,
    is_social_crawler: false,
  });
});

test('social network crawlers are distinguished from other bots, and from people in their apps', () => {
  const social = USER_AGENTS.filter(([userAgent]) => describeUserAgent(userAgent).is_social_crawler);
  expect(new Set(social.map(([, , , bot]) => bot))).toEqual(
    new Set([
      'facebookexternalhit',
      'Twitterbot',
      'LinkedInBot',
      'Slackbot',
      'WhatsApp',
      'TelegramBot',
      'Discordbot',
      'Pinterestbot',
      'redditbot',
      'SkypeUriPreview',
    ]),
  );
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8_192 }),
  fc
    .tuple(
      fc.constantFrom(
        'a',
        ' ',
        '/',
        '(',
        ';',
        'bot',
        'Mozilla/5.0 (',
        '\r\n',
        'crawler.',
        '-.',
        'a@',
        '[at]',
        'compatible; ',
        'A1.2 ',
      ),
      fc.integer({ min: 1, max: 8_192 }),
    )
    .map(([unit, times]) => unit.repeat(times).slice(0, 8_192)),
);

test('whatever is sent, names are short, and never both a person’s and a bot’s', () => {
  fc.assert(
    fc.property(hostile, (header) => {
      const { platform, browser_name, bot_name } = describeUserAgent(header);
      for (const name of [platform, browser_name, bot_name])
        expect((name ?? 'x').length).toBeLessThanOrEqual(64);
      expect(browser_name === null || bot_name === null).toBe(true);
      expect(bot_name ?? 'none').toMatch(/^[ -~\p{L}\p{M}]+$/u);
    }),
    { numRuns: runs(500, 100) },
  );
});
