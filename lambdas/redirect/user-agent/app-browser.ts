import type { AppName } from '../../clicks/visitor-values.ts';

/**
 * Apps that open links in their own browser, and browsers that the parser does not know, by the token that they add. If
 * two tokens are at the same place in a User-Agent, the earlier entry wins.
 */
export const TOKENS: readonly (readonly [token: string, name: AppName])[] = [
  ['Barcelona [\\d(]', 'Threads'],
  ['Instagram\\b', 'Instagram'],
  ['(?:FB_IAB/|FBAN/|MetaIAB )(?:Orca|Messenger|MESSENGER)', 'Messenger'],
  ['FB(?:_IAB|AN|AV)/|MetaIAB Facebook', 'Facebook'],
  ['(?:musical_ly|BytedanceWebview|TikTok|trill_\\d)', 'TikTok'],
  ['LinkedInApp\\b|LinkedIn/\\d', 'LinkedIn'],
  ['Twitter(?: for \\w|Android\\b|-iPhone\\b|-iPad\\b)', 'Twitter'],
  ['Snapchat/', 'Snapchat'],
  ['Pinterest(?:/| for )', 'Pinterest'],
  ['MicroMessenger/', 'WeChat'],
  ['Line/\\d', 'LINE'],
  ['KAKAOTALK|KakaoTalk', 'KakaoTalk'],
  ['NAVER[(/]', 'NAVER'],
  ['Telegram-Android\\b|TelegramBrowser\\b', 'Telegram'],
  ['WhatsApp/', 'WhatsApp'],
  ['Viber/', 'Viber'],
  ['Zalo(?: |/|iOS|android)', 'Zalo'],
  ['Weibo(?: |\\(|/)|__weibo__', 'Weibo'],
  ['DingTalk[/(]', 'DingTalk'],
  ['(?:Lark|Feishu)/', 'Lark'],
  ['AlipayClient/', 'Alipay'],
  ['baiduboxapp/|BIDUBrowser\\b', 'Baidu'],
  ['QQ/\\d', 'QQ'],
  ['Quark(?:PC)?/', 'Quark'],
  ['Reddit(?:/|App\\b)', 'Reddit'],
  ['Quora (?:iPhone|Android|\\d)|Quora/', 'Quora'],
  ['Tumblr/', 'Tumblr'],
  ['Flipboard(?:-Briefing)?/', 'Flipboard'],
  ['Slack(?:_SSB)?/', 'Slack'],
  ['Teams(?:Mobile-[\\w]+)?/', 'Microsoft Teams'],
  ['Skype/', 'Skype'],
  ['[Dd]iscord(?:-\\w+)?/\\d', 'Discord'],
  ['(?:News|Start)Sapphire/', 'Microsoft Start'],
  ['SmartNews/', 'SmartNews'],
  ['NewsBreak/|(?:com\\.)?particlenews', 'NewsBreak'],
  ['NewsArticle/', 'Toutiao'],
  ['BingSapphire/|BingWeb/', 'Bing'],
  ['GSA/', 'Google'],
  ['DuckDuckGo/|Ddg/', 'DuckDuckGo'],
  ['Ecosia\\b', 'Ecosia'],
  ['Brave/|Brave Chrome/', 'Brave'],
  ['HuaweiBrowser/', 'Huawei Browser'],
  ['coc_coc_browser/|CocCoc', 'Coc Coc'],
  ['OculusBrowser/', 'Oculus Browser'],
  ['Avast/', 'Avast Secure Browser'],
  ['YahooMobile|YJApp-|Yahoo! JAPAN', 'Yahoo'],
  ['Konqueror/', 'Konqueror'],
  ['Thunderbird/', 'Thunderbird'],
];

const TOKEN = new RegExp(`(?<![\\w-])(?:${TOKENS.map(([token]) => `(${token})`).join('|')})`);

/** The app whose browser this is, or the browser that the parser does not know; null when there is no token for one. */
export function appBrowser(userAgent: string): AppName | null {
  const groups = TOKEN.exec(userAgent)?.slice(1) ?? [];
  return TOKENS[groups.findIndex((group) => group !== undefined)]?.[1] ?? null;
}

/** Apps that send their own User-Agent instead of a browser's when a person opens a link in them. */
const APP =
  /^\[?FB(?:AN|AV|_IAB)\/|^(?:Instagram|Barcelona|KAKAOTALK|TwitterAndroid|Twitter-iP\w+|Telegram-Android|Reddit\/Version|AppleTV\d*)\b/;

/** Whether this is an app in which a person reads, although its User-Agent is not a browser's. */
export function isApp(userAgent: string): boolean {
  return APP.test(userAgent);
}
