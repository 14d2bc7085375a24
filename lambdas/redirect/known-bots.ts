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

/** The names of those who fetch a preview where people talk: networks, messengers, the fediverse, and their services. */
const SOCIAL_CRAWLER =
  /^(?:facebookexternalhit|facebookcatalog|facebot|meta-external(?:fetcher|hit)|twitterbot|linkedinbot|slack|whatsapp|telegrambot|discordbot|pinterest|redditbot|skypeuripreview|vkshare|odklbot|viber|snap\b|snapurl|snapchat(?!ads)|tumblr|flipboard|xing\b|kakaotalk|line-poker|dingtalk|feishu|larkbot|bluesky(?!-domain)|mastodon|pleroma|akkoma|misskey|summaly|calckey|firefish|sharkey|iceshrimp|foundkey|cherrypick|catodon|lemmy|[km]bin\b|piefed|gotosocial|friendica|hubzilla|peertube|pixelfed|bookwyrm|funkwhale|mobilizon|diaspora|synapse(?!-)|dendrite|conduit|continuwuity|tuwunel|element\b|mattermost|rocket\.?chat|zulip|nextcloud(?!-?news)|notion|trello|quora|substack|medium|disqus|signal\b|threema|threads\b|matrix\b|msteams|microsoft teams|zalobot|steam chat|valve\b|beeperbot|keybasebot|groupmebot|discourse|zoom\b|webex|google-pagerenderer|google-?chat|iframely|embedly|cardyb)|link.?preview|unfurl/i;

/** Whether the bot of this name fetches previews for a social network or a messenger. */
export function isSocialCrawler(botName: string): boolean {
  return SOCIAL_CRAWLER.test(botName);
}

/** Scanners of mail, office programs, and others that the library takes for people. */
const UNDETECTED_BOT =
  /^(?:dart|ruby|aws-sdk[\w-]*)\/|\b(?:microsoft (?:office|outlook|word|excel|powerpoint|onenote|safelinks)|ms-?office|safelinks|barracuda|proofpoint|mimecast|symantec|messagelabs|trend ?micro|fireeye|trellix|ironport|forcepoint|websense|sophos|hornetsecurity|vade ?secure|avanan|fortimail|cloudmark|bitdefender|abnormal security|cisco[- ](?:talos|secure|umbrella)|windowspowershell|gtmetrix|miniature\.io)|\bcompatible; ?(?!msie|konqueror|icab|omniweb|netfront|nokia|symbian|blackberry|windows|linux|mac|x11|u;|android|i?phone|ipad|mozilla|opera|netscape|[;)])[\w!]/i;

/** Whether a program says of itself what only a program can be, though the library does not know it. */
export function isUndetectedBot(userAgent: string): boolean {
  return UNDETECTED_BOT.test(userAgent);
}
