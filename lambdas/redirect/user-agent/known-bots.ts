/** Names in the spelling of their owners, for User-Agents that write them otherwise or with more words. */
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

/** Names that are written in other cases too, and whose products have more words. */
const MAKERS = new Map(['Barracuda', 'Mimecast', 'Proofpoint'].map((name) => [name.toLowerCase(), name]));

/** The name in its owner's spelling: by its first two words, else by the first, else as it is. */
export function ownersSpelling(name: string): string {
  const lower = name.toLowerCase();
  const [first = '', second = ''] = lower.split(' ');
  return (
    OWNERS_SPELLINGS.get(`${first} ${second}`) ?? OWNERS_SPELLINGS.get(first) ?? MAKERS.get(lower) ?? name
  );
}

/** An alternative of a pattern for each word of the text. */
const anyOf = (text: string): string => `(?:${text.trim().split(/\s+/).join('|')})`;

/** How the names begin of those who fetch previews where people talk. */
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
/** Tools where people plan, collect and share links. */
const SHARED_WORK = `
  codabot asana\\b evernoterichlink wakelet linkreader plurk nuzzel digg\\b`;
const SOCIAL_CRAWLER = new RegExp(
  `^${anyOf(SOCIAL_NETWORKS + MESSENGERS + FEDIVERSE + SHARED_WORK)}|(?:link|url).?preview|unfurl`,
  'i',
);

/** Whether the bot of this name fetches previews for a social network or a messenger. */
export function isSocialCrawler(botName: string): boolean {
  return SOCIAL_CRAWLER.test(botName);
}

/** Office programs, scanners of mail, and others that the library takes for people. */
const UNDETECTED = `
  microsoft.(?:office|outlook|word|excel|powerpoint|onenote|safelinks) ms-?office safelinks barracuda proofpoint mimecast
  symantec messagelabs trend.?micro fireeye trellix ironport forcepoint websense sophos hornetsecurity vade.?secure
  avanan fortimail cloudmark bitdefender abnormal.security cisco[-\\s](?:talos|secure|umbrella) (?:windows)?powershell
  gtmetrix miniature\\.io`;
const UNDETECTED_LIBRARY = 'dart ruby aws-sdk[\\w-]* cfnetwork reactornetty';
/** Scripts that put a browser's name before their own. Apps do not: they add okhttp and CFNetwork at most. */
const SCRIPT =
  '(?:siege|python-(?:requests|urllib\\d?|httpx)|aiohttp|go-http-client|guzzlehttp|libwww-perl|curl|wget|jsdom|happydom|slimerjs|zombie\\.js)/ ms.web.services';
/** What browsers say after `compatible;`: their own names, and those of systems. Anything else is a bot's name. */
const COMPATIBLE_BROWSER = `
  msie konqueror icab omniweb netfront mozilla opera netscape nokia symbian blackberry windows linux mac x11 u; android
  i?phone ipad`;
const UNDETECTED_BOT = new RegExp(
  `^${anyOf(UNDETECTED_LIBRARY)}/|\\b${anyOf(`${UNDETECTED} ${SCRIPT}`)}|\\bcompatible; ?(?!${anyOf(COMPATIBLE_BROWSER)})[\\p{L}\\p{N}_!]`,
  'iu',
);

/** Whether a program says of itself what only a program can be, though the library does not know it. */
export function isUndetectedBot(userAgent: string): boolean {
  return UNDETECTED_BOT.test(userAgent);
}
