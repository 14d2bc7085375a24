import Bowser from 'bowser';
import { isbot, isbotMatch } from 'isbot';

/** What a User-Agent tells. `browser_name` is null for bots, `bot_name` for people. */
export type UserAgent = {
  platform: string | null;
  browser_name: string | null;
  bot_name: string | null;
  /** Whether a social network or a messenger fetches a preview. */
  is_social_crawler: boolean;
};

/** A visitor who tells nothing of the sort. */
export const UNKNOWN_AGENT: UserAgent = {
  platform: null,
  browser_name: null,
  bot_name: null,
  is_social_crawler: false,
};

/** More than any real browser sends; a longer one is cut, so that junk costs no time. */
const MAX_LENGTH = 1_024;
const MAX_NAME_LENGTH = 64;

const SYSTEMS: Record<string, string> = {
  iOS: 'ios',
  iPadOS: 'ios',
  Android: 'android',
  'Chrome OS': 'desktop',
  ChromeOS: 'desktop',
};

/** Names as people say them, where the parser is formal. */
const BROWSERS: Record<string, string> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
  'Opera Touch': 'Opera',
};

/** Apps that open links in a browser of their own, by the token that they add. */
const IN_APP_BROWSERS: [RegExp, string][] = [
  [/\bInstagram\b/, 'Instagram'],
  [/\[FB(AN|AV|_IAB)|\bFB_IAB\//, 'Facebook'],
  [/musical_ly|BytedanceWebview|TikTok/, 'TikTok'],
  [/\bLinkedInApp\b/, 'LinkedIn'],
  [/\bTwitter for \w+/, 'Twitter'],
  [/\bSnapchat\//, 'Snapchat'],
  [/\[Pinterest\/|\bPinterest for /, 'Pinterest'],
  [/\bMicroMessenger\//, 'WeChat'],
  [/\bLine\//, 'LINE'],
  [/\bGSA\//, 'Google'],
];

/** Crawlers whose own token is not the first that looks like a bot's. */
const NAMED_BOTS =
  /(facebookexternalhit|Facebot|ChatGPT-User|OAI-SearchBot|GPTBot|ClaudeBot|Claude-User|PerplexityBot|Slackbot-LinkExpanding|Slackbot|Twitterbot|LinkedInBot|WhatsApp|TelegramBot|Discordbot|Googlebot|Google-InspectionTool|AdsBot-Google|bingbot|BingPreview|Applebot|YandexBot|Baiduspider|DuckDuckBot|Bytespider|Amazonbot|meta-externalagent|CCBot|AhrefsBot|SemrushBot|Pinterestbot|redditbot|SkypeUriPreview|HeadlessChrome|PostmanRuntime|UptimeRobot|Pingdom|python-requests|Go-http-client|curl|Wget|okhttp|axios|node-fetch)/i;

/** The names above in the spelling of their owners. */
const SPELLINGS = new Map(
  (NAMED_BOTS.source.slice(1, -1).split('|') as string[]).map((name) => [name.toLowerCase(), name]),
)
  .set('bingbot', 'Bingbot')
  .set('slackbot-linkexpanding', 'Slackbot');

/** Consoles stand before a television too, and the parser does not know the newer ones. */
const CONSOLE = /\b(PlayStation|Xbox|Nintendo)\b/;

function platformOf(userAgent: string, agent: Bowser.Parser.Parser): string | null {
  if (CONSOLE.test(userAgent)) return 'tv';
  const type = agent.getPlatformType();
  return SYSTEMS[agent.getOSName()] ?? (type === 'bot' || type === '' ? null : (type ?? null));
}

function browserOf(userAgent: string, agent: Bowser.Parser.Parser): string | null {
  const app = IN_APP_BROWSERS.find(([token]) => token.test(userAgent))?.[1];
  const name = app ?? agent.getBrowserName();
  return name ? (BROWSERS[name] ?? name).slice(0, MAX_NAME_LENGTH) : null;
}

/** The product token around the match: `Mozilla/5.0 (compatible; SomeBot/2.1; …)` gives `SomeBot`. */
function botName(userAgent: string): string {
  const named = NAMED_BOTS.exec(userAgent)?.[1];
  if (named) return SPELLINGS.get(named.toLowerCase()) ?? named;
  const match = isbotMatch(userAgent) ?? '';
  const at = userAgent.indexOf(match);
  const before = /[\w.-]{0,64}$/.exec(userAgent.slice(0, at))?.[0] ?? '';
  const after = /^[\w.-]{0,64}/.exec(userAgent.slice(at))?.[0] ?? '';
  const token = (before + after).slice(0, MAX_NAME_LENGTH);
  return /\w/.test(token) ? token : 'Unknown bot';
}

/** Those who fetch a page to show a preview of it where people talk. */
const SOCIAL_CRAWLERS =
  /facebookexternalhit|Facebot|Twitterbot|LinkedInBot|Slackbot|WhatsApp|TelegramBot|Discordbot|Pinterest|redditbot|SkypeUriPreview|vkShare|Viber|Snapchat|Mastodon|Cardyb|Iframely|Embedly|Google-PageRenderer/i;

/** Whether this is a bot: what says so, and what fetches a preview for a messenger. */
function isBot(userAgent: string): boolean {
  return isbot(userAgent) || /^WhatsApp\//.test(userAgent);
}

/** Describes the User-Agent header of a click; everything is null when it is missing. */
export function describeUserAgent(header: string | undefined): UserAgent {
  const userAgent = (header ?? '').slice(0, MAX_LENGTH);
  if (userAgent.trim() === '') return UNKNOWN_AGENT;
  const agent = Bowser.getParser(userAgent);
  const bot = isBot(userAgent);
  return {
    platform: platformOf(userAgent, agent),
    browser_name: bot ? null : browserOf(userAgent, agent),
    bot_name: bot ? botName(userAgent) : null,
    is_social_crawler: bot && SOCIAL_CRAWLERS.test(userAgent),
  };
}
