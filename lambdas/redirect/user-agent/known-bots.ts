/** Names as their owners spell them, for User-Agents that write them differently or with more words. */
const OWNERS_SPELLINGS = new Map(
  `AdsBot-Google AhrefsBot Amazonbot Applebot axios Baiduspider Bingbot BingPreview Bytespider CCBot ChatGPT-User
  Claude-User ClaudeBot curl Discordbot DuckDuckBot facebookexternalhit Facebot Friendica Go-http-client GoToSocial
  Google-InspectionTool Google-PageRenderer Googlebot GPTBot HeadlessChrome LinkedInBot Mattermost meta-externalagent
  meta-externalfetcher node-fetch OAI-SearchBot okhttp PerplexityBot Pinterestbot PostmanRuntime python-requests redditbot
  SemrushBot SkypeUriPreview Slackbot TelegramBot Twitterbot UptimeRobot Wget WhatsApp YandexBot`
    .split(/\s+/)
    .map((name) => [name.toLowerCase(), name]),
)
  .set('slackbot-linkexpanding', 'Slackbot')
  .set('ms-office', 'Microsoft Office')
  .set('msoffice', 'Microsoft Office')
  .set('microsoft office', 'Microsoft Office')
  .set('microsoft data', 'Microsoft Office');

/** Names that also occur in other cases, and whose products have more words. */
const MAKERS = new Map(['Barracuda', 'Mimecast', 'Proofpoint'].map((name) => [name.toLowerCase(), name]));

/** The name as its owner spells it: by its first two words, else by the first, else unchanged. */
export function ownersSpelling(name: string): string {
  const lower = name.toLowerCase();
  const [first = '', second = ''] = lower.split(' ');
  return (
    OWNERS_SPELLINGS.get(`${first} ${second}`) ?? OWNERS_SPELLINGS.get(first) ?? MAKERS.get(lower) ?? name
  );
}

/** A pattern with an alternative for each word of the text. */
const anyOf = (text: string): string => `(?:${text.trim().split(/\s+/).join('|')})`;

/** The beginnings of the names of bots that fetch previews for social networks and messengers. */
const SOCIAL_NETWORKS = `
  facebookexternalhit facebookcatalog facebot meta-external(?:fetcher|hit) threads\\b twitterbot linkedinbot xing\\b
  pinterest redditbot tumblr flipboard quora vkshare odklbot odnoklassniki snap\\b snapurl snapchat(?!ads) bluesky(?!-domain) cardyb
  disqus discourse xenforo medium substack hatena google-pagerenderer google$ iframely embedly opengraph\\b
  python-opengraph`;
const MESSENGERS = `
  slack whatsapp telegrambot discordbot skypeuripreview msteams microsoft.teams viber kakaotalk line-(?:poker|preview) zalobot
  dingtalk feishu lark(?:bot|url) signal\\b threema element\\b matrix\\b synapse(?!-) dendrite conduit continuwuity tuwunel
  beeperbot mattermost rocket\\.?chat zulip nextcloud(?!-?news) keybase groupmebot google-?chat zoom\\b webex
  steam.chat the.lounge guilded january\\b gitter yammer twist-?bot basecamp atlassian valve\\b notion trello`;
const FEDIVERSE = `
  mastodon pleroma akkoma misskey summaly calckey firefish sharkey iceshrimp foundkey cherrypick catodon lemmy
  [km]bin\\b piefed gotosocial friendica hubzilla peertube pixelfed bookwyrm funkwhale mobilizon diaspora`;
/** Tools in which people plan, collect and share links. */
const SHARED_WORK = `
  codabot asana\\b evernoterichlink wakelet linkreader plurk nuzzel digg\\b`;
const SOCIAL_CRAWLER = new RegExp(
  `^${anyOf(SOCIAL_NETWORKS + MESSENGERS + FEDIVERSE + SHARED_WORK)}|(?:link|url).?preview|unfurl`,
  'i',
);

/** Whether the bot with this name fetches previews for a social network or a messenger. */
export function isSocialCrawler(botName: string): boolean {
  return SOCIAL_CRAWLER.test(botName);
}

/** Office programs, mail scanners and other programs that the library takes for people. */
const UNDETECTED = `
  microsoft.(?:office|outlook|word|excel|powerpoint|onenote|safelinks) ms-?office safelinks barracuda proofpoint mimecast
  symantec messagelabs trend.?micro fireeye trellix ironport forcepoint websense sophos hornetsecurity vade.?secure
  avanan fortimail cloudmark bitdefender abnormal.security cisco[-\\s](?:talos|secure|umbrella) (?:windows)?powershell
  gtmetrix miniature\\.io`;
const UNDETECTED_LIBRARY = 'dart ruby aws-sdk[\\w-]* cfnetwork reactornetty';
/** Scripts that put a browser's name before their own. Apps do not do that: at most they add okhttp and CFNetwork. */
const SCRIPT =
  '(?:siege|python-(?:requests|urllib\\d?|httpx)|aiohttp|go-http-client|guzzlehttp|libwww-perl|curl|wget|jsdom|happydom|slimerjs|zombie\\.js)/ ms.web.services';
/** What browsers write after `compatible;`: their own names, and those of systems. Anything else is a bot's name. */
const COMPATIBLE_BROWSER = `
  msie konqueror icab omniweb netfront mozilla opera netscape nokia symbian blackberry windows linux mac x11 u; android
  i?phone ipad`;
const UNDETECTED_BOT = new RegExp(
  `^${anyOf(UNDETECTED_LIBRARY)}/|\\b${anyOf(`${UNDETECTED} ${SCRIPT}`)}|\\bcompatible; ?(?!${anyOf(COMPATIBLE_BROWSER)})[\\p{L}\\p{N}_!]`,
  'iu',
);

/** Whether the User-Agent can only be a program's, although the library does not detect it. */
export function isUndetectedBot(userAgent: string): boolean {
  return UNDETECTED_BOT.test(userAgent);
}
