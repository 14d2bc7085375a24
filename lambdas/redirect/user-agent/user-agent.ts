import Bowser from 'bowser';
import { isbot } from 'isbot';
import { appBrowser, isApp } from './app-browser.ts';
import { botName } from './bot-name.ts';
import { UNKNOWN_AGENT, type UserAgent } from './common-browsers.ts';
import { describeDevice } from './device.ts';
import { isSocialCrawler, isUndetectedBot } from './known-bots.ts';

/** More than any real browser sends. A longer one is cut, so that junk costs no time. */
const MAX_LENGTH = 1_024;
const MAX_NAME_LENGTH = 64;

/**
 * The parser's names as people know them. The last two are for devices in whose name the parser finds another product.
 */
const BROWSERS: Record<string, string> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
  'Opera Touch': 'Opera',
  'Google Search': 'Safari',
  PhantomJS: 'Chrome',
};

/** Words because of which the library takes televisions and news apps for bots. */
const NO_BOT = /\bGoogle ?TV\b|\b(?:SmartNews|NewsBreak|NewsArticle|NewsLite|com\.particlenews)\b/g;

/** Previewers of smaller messengers, which name themselves next to the crawlers that every site knows. */
const POSES_AS_SOCIAL = /\b(?:facebookexternalhit|Facebot|Twitterbot|Discordbot|Slackbot)\b/i;

/** An app of a social network on a phone: a person who has opened a link in it. */
const ON_A_PHONE = /\((?:[^)]*\W)?(?:Android|iPhone|iPad|iOS)\b/;

/**
 * The browser of a click, from the parser's name for it. That name is longer for programs that the parser does not
 * know.
 */
export function browserName(parsersName: string): string {
  return (BROWSERS[parsersName] ?? parsersName.split('/')[0] ?? '').slice(0, MAX_NAME_LENGTH);
}

function browserOf(userAgent: string, agent: Bowser.Parser.Parser): string | null {
  return appBrowser(userAgent) ?? (browserName(agent.getBrowserName()) || null);
}

/** The name of the bot; null for a person. A messenger that is not a browser is fetching a preview. */
function botOf(userAgent: string): string | null {
  if (isApp(userAgent)) return null;
  if (isbot(userAgent.replace(NO_BOT, '')) || isUndetectedBot(userAgent)) return botName(userAgent);
  if (/^\W*(?:mozilla|opera)\b/i.test(userAgent)) return null;
  if (ON_A_PHONE.test(userAgent)) return null;
  const name = botName(userAgent);
  return isSocialCrawler(name) ? name : null;
}

/** Describes the User-Agent header of a click. Everything is null when it is missing. */
export function describeUserAgent(header: string | undefined): UserAgent {
  const userAgent = (header ?? '').slice(0, MAX_LENGTH);
  if (userAgent.trim() === '') return UNKNOWN_AGENT;
  const agent = Bowser.getParser(userAgent);
  const bot = botOf(userAgent);
  return {
    ...describeDevice(userAgent, agent),
    browser_name: bot === null ? browserOf(userAgent, agent) : null,
    bot_name: bot,
    is_social_crawler: bot !== null && (isSocialCrawler(bot) || POSES_AS_SOCIAL.test(userAgent)),
  };
}
