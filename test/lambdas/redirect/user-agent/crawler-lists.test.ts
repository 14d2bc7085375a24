import { describe, expect, test } from '@jest/globals';
import crawlers from 'crawler-user-agents';
import topUserAgents from 'top-user-agents';
import { BROWSER_NAMES, PLATFORMS } from '../../../../lambdas/clicks/visitor-values.ts';
import { UNKNOWN_BOT } from '../../../../lambdas/redirect/user-agent/bot-name.ts';
import { describeUserAgent } from '../../../../lambdas/redirect/user-agent/user-agent.ts';

/** URLs, `www.` hosts and e-mail addresses, in any spelling. */
const ADDRESSES = /(?:https?:|mailto:|www\.)[^\s;,)]*|[^\s;,(/]+(?:@|\(at\)|\[at\])[^\s;,)]*/gi;

const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const containOneAnother = (a: string, b: string) => a.includes(b) || b.includes(a);

const sightings = crawlers.flatMap(({ pattern, instances }) =>
  instances.map((userAgent) => {
    const { bot_name } = describeUserAgent(userAgent);
    return { pattern, userAgent, bot_name, outside: userAgent.replaceAll('+', ' ').replace(ADDRESSES, ' ') };
  }),
);
const named = sightings.flatMap(({ bot_name, ...sighting }) =>
  bot_name === null || bot_name === UNKNOWN_BOT ? [] : [{ ...sighting, bot_name }],
);
const patterns = crawlers.map(({ pattern }) => new RegExp(pattern, 'i'));

/** Names for which the pattern contains another part, or another product. */
const ALSO_RIGHT = new Set(['bl.uk_lddc_renderbot', 'Free Traffic Exchange Bot', 'RSSMicro RSS']);

/**
 * Whether the name is what the pattern looks for, what another pattern of the list looks for, or the leading product.
 */
function isWellNamed({ pattern, outside, bot_name }: (typeof named)[number]): boolean {
  if (ALSO_RIGHT.has(bot_name)) return true;
  const name = letters(bot_name);
  const sought = new RegExp(pattern, 'i').exec(outside)?.[0];
  // A pattern that only matches an address names the operator of the bot, not the bot.
  if (sought === undefined) return letters(outside).includes(name);
  const withoutDomain = sought.replace(/\.\w{2,3}\b/g, '');
  return (
    [sought, withoutDomain].some((one) => containOneAnother(name, letters(one))) ||
    patterns.some((one) => one.test(bot_name)) ||
    [outside, outside.replace(/^.*compatible; */i, '')].some((text) => text.startsWith(bot_name))
  );
}

describe('of the crawlers that crawler-user-agents lists', () => {
  test('at most 9 are taken for people', () => {
    expect(sightings.filter(({ bot_name }) => bot_name === null).length).toBeLessThanOrEqual(9);
  });

  test('at most 1 % are without a name or have another bot’s name', () => {
    const unnamed = sightings.filter(({ bot_name }) => bot_name === UNKNOWN_BOT);
    const misnamed = named.filter((sighting) => !isWellNamed(sighting));
    expect(unnamed.length + misnamed.length).toBeLessThanOrEqual(sightings.length / 100);
  });

  test('none is named by a word from a URL or an e-mail address', () => {
    const fromAddresses = named.filter(
      ({ bot_name, outside }) =>
        !bot_name.split(' ').every((word) => letters(outside).includes(letters(word))),
    );
    expect(fromAddresses.map(({ bot_name, userAgent }) => `${bot_name}: ${userAgent}`)).toEqual([]);
  });

  test('none is named differently when its URL changes', () => {
    const elsewhere = named.map(({ userAgent, bot_name }) => [
      userAgent.replace(/https?:\/\/[^\s;,)]*/g, 'https://http.support.example/curl/Googlebot?url=preview'),
      bot_name,
    ]);
    expect(elsewhere.map(([userAgent]) => [userAgent, describeUserAgent(userAgent).bot_name])).toEqual(
      elsewhere,
    );
  });

  test('none is named by a version, or by a word that says nothing', () => {
    const SAYS_NOTHING =
      /^(?:https?|www|com|support|url|preview|bot|mozilla|compatible|chrome|safari|firefox|linux|windows|v?\d[\d.]*)$|\d\.\d+$/i;
    expect(named.filter(({ bot_name }) => SAYS_NOTHING.test(bot_name))).toEqual([]);
  });
});

test('the most common browsers count as people, on a platform and in a browser that rules can name', () => {
  for (const userAgent of topUserAgents) {
    const { bot_name, browser_name, platform } = describeUserAgent(userAgent);
    expect({ userAgent, bot_name }).toEqual({ userAgent, bot_name: null });
    expect(BROWSER_NAMES).toContain(browser_name);
    expect(PLATFORMS).toContain(platform);
  }
});
