/** Bots: the name in the click, and the User-Agent. */
export type Bot = [name: string, userAgent: string];

function listed(lines: string): Bot[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...userAgent] = line.trim().split(' | ');
      return [name, userAgent.join(' | ')];
    });
}

/** Bots that fetch previews for chats and social networks, and the libraries that they use. */
export const SOCIAL_CRAWLERS = listed(`
  facebookexternalhit | facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)
  kakaotalk-scrap | facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984
  line-poker | facebookexternalhit/1.1;line-poker/1.0
  facebookcatalog | facebookcatalog/1.0
  meta-externalfetcher | meta-externalfetcher/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)
  meta-externalfetcher | meta-externalfetcher/1.1
  Bluesky Cardyb | Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)
  Mastodon | http.rb/5.1.1 (Mastodon/4.2.0; +https://mastodon.social/)
  Mastodon | Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/)
  Mastodon | Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/) Bot
  vkShare | Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)
  Snap URL Preview Service | Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots
  Snap URL Preview Service | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36 Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots
  Pinterest | Pinterest/0.2 (+https://www.pinterest.com/bot.html)
  Pinterestbot | Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)
  Embedly | Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)
  Embedly | Mozilla/5.0 (compatible; Embedly/0.2; snap; +http://support.embed.ly/)
  Iframely | Iframely/1.3.1 (+https://iframely.com/docs/about)
  Synapse | Synapse (bot; +https://github.com/matrix-org/synapse)
  Synapse | Synapse/1.97.0
  Dendrite | Dendrite/0.13.4
  Mattermost | mattermost-10.1.2
  Mattermost-Bot | Mattermost-Bot/1.1
  Mattermost | Mozilla/5.0 (compatible; Mattermost/9.5; +https://mattermost.com)
  Rocket.Chat | Mozilla/5.0 (compatible; Rocket.Chat; +https://rocket.chat)
  Rocket.Chat | Rocket.Chat/6.4.0 (https://github.com/RocketChat/Rocket.Chat)
  RocketChatBot | Mozilla/5.0 (compatible; RocketChatBot/1.0)
  ZulipURLPreview | Mozilla/5.0 (compatible; ZulipURLPreview/8.0; +https://zulip.example.com)
  ZulipServer | ZulipServer/8.2
  SummalyBot | SummalyBot/5.1.0
  Misskey | Misskey/2024.5.0 (https://misskey.example)
  Misskey SummalyBot | Mozilla/5.0 (compatible; Misskey SummalyBot/5.0.3; +https://github.com/misskey-dev/summaly)
  Calckey | Calckey/13.1.4 (https://calckey.example)
  Firefish | Firefish/1.0.5-rc (https://firefish.example)
  Sharkey | Sharkey/2024.3.3 (https://sharkey.example)
  Iceshrimp | Iceshrimp/2023.12 (https://iceshrimp.example)
  Lemmy | Lemmy/0.19.3; +https://lemmy.example
  Lemmy | Mozilla/5.0 (compatible; Lemmy/0.19.3; +https://lemmy.example)
  Pleroma | Pleroma 2.6.2-0-g1234abcd; https://pleroma.example <admin@pleroma.example>
  Akkoma | Akkoma 3.13.2-0-gabcdef12; https://akkoma.example <admin@akkoma.example>; Bot
  GoToSocial | gotosocial/0.16.0 (+https://gts.example)
  Friendica | Friendica 'Interrupted Fern' 2024.03-1555; https://friendica.example
  Friendica | Mozilla/5.0 (compatible; Friendica/2024.03; +https://friendica.example)
  Hubzilla | Hubzilla 9.0
  PeerTube | PeerTube/6.0.3 (+https://peertube.example)
  Pixelfed | (Pixelfed/0.12.1; +https://pixelfed.example)
  PixelfedBot | PixelfedBot/1.0 (Pixelfed/0.12.1; +https://pixelfed.example)
  Mbin | Mbin/1.6.0 (+https://mbin.example/agent)
  Nextcloud Server Crawler | Nextcloud Server Crawler
  Nextcloud Talk | Nextcloud Talk/19.0
  NotionEmbedder | Mozilla/5.0 (compatible; NotionEmbedder/1.0; +https://notion.so)
  Zulip URL preview | Mozilla/5.0 (compatible; Zulip URL preview)
  Matrix-Synapse | Mozilla/5.0 (compatible; Matrix-Synapse/1.0)
  matrix-media-repo | matrix-media-repo/1.3 (+https://github.com/turt2live/matrix-media-repo)
  TeamsLinkPreview | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 TeamsLinkPreview/1.0
  MSTeams | Mozilla/5.0 (compatible; MSTeams/1.0; +https://teams.microsoft.com)
  SnapURLPreview | Mozilla/5.0 (compatible; SnapURLPreview/1.0; +https://www.snapchat.com)
  Valve | Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)
  Notion | Notion/1.0 (+https://www.notion.so)
  Notion | Mozilla/5.0 (compatible; Notion; +https://notion.so)
  Tumblr | Tumblr/14.0.835.186
  Tumblr | Mozilla/5.0 (compatible; Tumblr/1.0; +https://www.tumblr.com)
  FlipboardProxy | Mozilla/5.0 (Macintosh; Intel Mac OS X 10.11; rv:49.0) Gecko/20100101 Firefox/49.0 (FlipboardProxy/1.2; +http://flipboard.com/browserproxy)
  Flipboard | Mozilla/5.0 (compatible; Flipboard/1.0; +https://flipboard.com)
  Trello | Trello/1.0 (+https://trello.com)
  TrelloBot | TrelloBot/1.0
  DingTalkBot-LinkService | DingTalkBot-LinkService/1.0 (+https://open-doc.dingtalk.com/microapp/faquestions/ftpfeu)
  XING-contenttabreceiver | XING-contenttabreceiver/2.0
  Xing Bot | Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:15.0) Xing Bot
  Viber | Viber/13.3.1.22 CFNetwork/1209 Darwin/20.2.0
  Viber | Viber
  WhatsApp | WhatsApp/2.23.20.0 A
  WhatsApp | WhatsApp
  Slackbot | Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)
  Slack-ImgProxy | Slack-ImgProxy (+https://api.slack.com/robots)
  SkypeUriPreview | Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com
  Google-PageRenderer | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)
  TelegramBot | TelegramBot (like TwitterBot)
  Discordbot | Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)
  LinkedInBot | LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)
  redditbot | Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)
  Steam Chat URL Lookup | Mozilla/5.0 (compatible; Steam Chat URL Lookup; +https://store.steampowered.com)
  Quora Link Preview | Mozilla/5.0 (compatible; Quora Link Preview/1.0; +https://quora.com)
  Quora-Bot | Mozilla/5.0 (compatible; Quora-Bot/1.0; +https://www.quora.com)
  Substack Content Fetch | Substack Content Fetch/1.0
  MediumBot-MetaTagFetcher | Mozilla/5.0 (compatible; MediumBot-MetaTagFetcher/0.3; +https://medium.com/)
  Signal-Desktop | Signal-Desktop/6.40 Link Preview
  Threema | Threema/5.0
  LinkPreview | Mozilla/5.0 (compatible; LinkPreview/1.0; +https://element.io)
  Zoom.Link.Preview | Zoom.Link.Preview/1.0
  Google-Chat-LinkPreview | Mozilla/5.0 (compatible; Google-Chat-LinkPreview/1.0)
  OdklBot | OdklBot/1.0 (share@odnoklassniki.ru)
  Lark-Link-Preview | Mozilla/5.0 (compatible; Lark-Link-Preview/1.0)
  Disqus | Disqus/1.0
  January | Mozilla/5.0 (compatible; January/1.0; +https://github.com/revoltchat/january)
  Guilded | Mozilla/5.0 (compatible; Guilded/1.0; +https://www.guilded.gg)
  LarkUrl2Meta | LarkUrl2Meta/1.0
  Keybase | Mozilla/5.0 (compatible; Keybase/6.0; +https://keybase.io)
  Yammer | Yammer/1.0
  Twist-Bot | Mozilla/5.0 (compatible; Twist-Bot/1.0; +https://twist.com)
  Google | Mozilla/5.0 (Windows NT 6.1; rv:6.0) Gecko/20110814 Firefox/6.0 Google (+https://developers.google.com/+/web/snippet/)
  line-poker | facebookexternalhit/1.1;line-poker/1.0
  LINE-Preview | LINE-Preview/1.0
  Gitter | Mozilla/5.0 (compatible; Gitter/1.0; +https://gitter.im)
  Atlassian-Smart-Links | Atlassian-Smart-Links/1.0
  OdklBot | Mozilla/5.0 (compatible; OdklBot/1.0 like Linux; klass@odnoklassniki.ru)
  Odnoklassniki | Mozilla/5.0 (compatible; Odnoklassniki/1.0)
  Hatena | Mozilla/5.0 (compatible; Hatena/1.0; +https://www.hatena.ne.jp)
  XenForo | XenForo/2.x (https://forum.example)
  The Lounge IRC Client | Mozilla/5.0 (compatible; The Lounge IRC Client; +https://github.com/thelounge/lounge)
  python-opengraph-jaywink | python-opengraph-jaywink/0.2.0 (+https://github.com/jaywink/python-opengraph)
  OpenGraph | Mozilla/5.0 (compatible; OpenGraph.io/1.1; +https://opengraph.io/ AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.103 Safari/537.36
`);

/** Tools in which people work, plan, collect and share links, and which show what a link is about. */
export const PREVIEWS_AT_WORK = listed(`
  CodaBot | CodaBot/1.0
  Asana | Asana/1.4.0 WebsiteMetadataRetriever
  ClickUpLinkUnfurler | ClickUpLinkUnfurler/1.0 (+https://clickup.com)
  EvernoteRichLinkBot | EvernoteRichLinkBot/1.0 (+https://evernote.com)
  Chatwork LinkPreview | Chatwork LinkPreview v1
  BufferLinkPreviewBot | BufferLinkPreviewBot/1.0 (+https://scraper.buffer.com/about/bots/link-preview-bot)
  Orlo-LinkPreview | Orlo-LinkPreview/1.0
  WakeletLinkExpander | WakeletLinkExpander/0.1
  linkReader | linkReader/1.0 (+https://gochitchat.ai)
  PlurkBot | PlurkBot
  Nuzzel | Nuzzel
  Digg Deeper | Digg Deeper/v1 (http://digg.com/about)
  Limnoria UrlPreviewBot | Limnoria UrlPreviewBot
  Iframely | Iframely/1.3.1 (+https://iframely.com/docs/about) Atlassian
  Iframely | Iframely/1.3.1 (+https://iframely.com/docs/about) Notion
  Discourse Forum Onebox | Discourse Forum Onebox v3.3.0.beta1-dev
  BlueskyPreviewBot | BlueskyPreviewBot/1.0
  GroupMeBot | GroupMeBot/1.0
  Yahoo Link Preview | Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com/kb/mail/yahoo-link-preview-SLN23615.html)
`);

/** Scripts and libraries with a browser's name before their own. */
export const SCRIPTS = listed(`
  Siege | Mozilla/5.0 (pc-x86_64-linux-gnu) Siege/4.0.4
  MS Web Services Client Protocol | Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)
  Python-urllib2 | Mozilla/5.0 (Python-urllib2)
  Indy Library | Mozilla/3.0 (compatible; Indy Library)
  python-requests | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 python-requests/2.31.0
  aiohttp | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 aiohttp/3.9.1
  Go-http-client | Mozilla/5.0 (X11; Linux x86_64) Go-http-client/1.1
  Unknown bot | CFNetwork/1410.0.3 Darwin/22.6.0
  nscurl | nscurl/3870.100.1 CFNetwork/3870.100.1 Darwin/26.0.0
  RestSharp | RestSharp/106.11.7.0
  WinHTTP | WinHTTP/1.1
  WinHttp-Autoproxy-Service | WinHttp-Autoproxy-Service/5.1
  Jakarta Commons-HttpClient | Jakarta Commons-HttpClient/3.1
  GuzzleHttp | GuzzleHttp/6.5.5 curl/7.58.0 PHP/7.4.21
  Symfony BrowserKit | Symfony BrowserKit
  go-resty | go-resty/2.7.0 (https://github.com/go-resty/resty)
  reqwest | reqwest/0.9.9
  ReactorNetty | ReactorNetty/0.9.10.RELEASE
  jsdom | Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/22.1.0
  jsdom | Mozilla/5.0 (win32) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/20.0.3
  HappyDOM | Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HappyDOM/12.10.3
  SlimerJS | Mozilla/5.0 (X11; Linux x86_64; rv:52.9) Gecko/20100101 SlimerJS/1.0.0
  Zombie.js | Mozilla/5.0 Chrome/10.0.613.0 Safari/534.15 Zombie.js/2.5.1
`);

/** Mail and office scanners, which open a link before, or instead of, the person it was sent to. */
export const MAIL_SCANNERS = listed(`
  Microsoft Office | Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)
  Microsoft Office | Microsoft Office/16.0 (Windows NT 10.0; Microsoft Excel 16.0.14326; Pro)
  Microsoft Office | Microsoft Office/14.0 (Windows NT 6.1; Microsoft Word 14.0.7113; Pro; MSOffice 14)
  Microsoft Office | Microsoft Office/16.0 (Macintosh; Intel Mac OS X 10_15_7)
  Microsoft Office | Mozilla/4.0 (compatible; ms-office; MSOffice 16)
  Microsoft Office | Mozilla/4.0 (compatible; ms-office; MSOffice rmj)
  Microsoft Office | Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; ms-office; MSOffice 16)
  Microsoft Outlook | Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/7.0; SLCC2; Microsoft Outlook 16.0.4266; ms-office; MSOffice 16)
  Microsoft Office | Mozilla/4.0 (compatible; ms-office; MSOffice 16; Microsoft Outlook 16.0)
  Microsoft Office | Microsoft Office Existence Discovery
  Microsoft Office | Microsoft Office Protocol Discovery
  Microsoft Office | Microsoft Office Word 2014
  Microsoft Office | Microsoft Office OneNote 2016
  Microsoft Office | Microsoft Office PowerPoint 2014 (16.70) Mac
  Microsoft Office | MSOffice 16
  Microsoft Office | Microsoft Data Access Internet Publishing Provider Protocol Discovery
  Microsoft-WebDAV-MiniRedir | Microsoft-WebDAV-MiniRedir/10.0.19045
  Microsoft URL Control | Microsoft URL Control - 6.01.9782
  Microsoft BITS | Microsoft BITS/7.8
  Microsoft-CryptoAPI | Microsoft-CryptoAPI/10.0
  Microsoft SafeLinks | Microsoft SafeLinks/1.0
  SafeLinks | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 SafeLinks/1.0
  Barracuda Sentinel | Barracuda Sentinel (EE)
  BarracudaCentral | BarracudaCentral/1.0
  Barracuda | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.4515.159 Safari/537.36 Barracuda
  Barracuda Link Protect | Mozilla/5.0 (compatible; Barracuda Link Protect/1.0)
  Barracuda Sentinel | Mozilla/5.0 (Windows NT 10.0; Win64; x64; Barracuda Sentinel (EE))
  Proofpoint URL Defense | Proofpoint URL Defense/1.0
  Proofpoint | Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.45 Safari/537.36 Proofpoint
  ProofpointURLDefense | ProofpointURLDefense
  Mimecast | Mimecast/1.0
  Mimecast URL Protect | Mozilla/5.0 (compatible; Mimecast URL Protect; +https://www.mimecast.com)
  Mimecast-URL-Scanner | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Mimecast-URL-Scanner
  Symantec Email Security.cloud | Symantec Email Security.cloud
  Symantec Click-time Protection | Mozilla/5.0 (compatible; Symantec Click-time Protection)
  MessageLabs | MessageLabs/1.0
  Trend Micro WTP | Trend Micro WTP/1.0
  TrendMicro | TrendMicro/1.0
  TMUFE | Mozilla/5.0 (compatible; TMUFE/1.0; TrendMicro)
  FireEye Email Security | FireEye Email Security
  FireEye | Mozilla/5.0 (compatible; FireEye)
  Trellix ETP | Trellix ETP/1.0
  Cisco IronPort | Cisco IronPort/14.0
  IronPort Email Security | IronPort Email Security
  Cisco Secure Email URL | Cisco Secure Email URL
  Forcepoint | Forcepoint/8.5
  Websense | Websense/7.0
  Sophos Email | Sophos Email/1.0
  Sophos Sandstorm | Mozilla/5.0 (compatible; Sophos Sandstorm)
  Hornetsecurity URL Rewriting | Hornetsecurity URL Rewriting
  Vade Secure | Vade Secure/1.0
  Avanan | Avanan/1.0
  Mimecast | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100 Safari/537.36 mimecast
  Cisco-Talos | Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99 Safari/537.36 Cisco-Talos
  FortiMail | FortiMail/7.0
  Zscaler | Zscaler/1.0
  Egress Defend | Egress Defend/1.0
  GoogleImageProxy | Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)
  YahooMailProxy | YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html
  Outlook-Protection | Outlook-Protection/1.0
  SpamAssassin | SpamAssassin/3.4
  rspamd | rspamd-3.8
  clamav | clamav/0.103.5 (OS: linux-gnu, ARCH: x86_64, CPU: x86_64)
`);

/** Other programs: search engines, AI, monitors, libraries. */
export const OTHER_BOTS = listed(`
  Ångström-Bot | Ångström-Bot/1.0 (+https://bot.example)
  Ångström-Bot | Mozilla/5.0 (compatible; Ångström-Bot/2.1; +https://bot.example)
  ПаукБот | Mozilla/5.0 (compatible; ПаукБот/1.0; +https://bot.example)
  Паук | Mozilla/5.0 (compatible; Паук/1.0)
  Élan | Mozilla/5.0 (compatible;Élan/2.0)
  百度爬虫 | Mozilla/5.0 (compatible; 百度爬虫/1.0)
  ロボット | Mozilla/5.0 (compatible; ロボット)
  รวบรวม | Mozilla/5.0 (compatible; รวบรวม/1.0)
  PowerShell | Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045; en-US) PowerShell/7.4.0
  PowerShell | Mozilla/5.0 (Macintosh; Darwin 23.1.0; en-US) PowerShell/7.4.1
  WindowsPowerShell | Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.3803
  Yahoo! Slurp | Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)
  Yahoo! Slurp | Mozilla/5.0 (compatible; Yahoo! Slurp/3.0; http://help.yahoo.com/help/us/ysearch/slurp)
  meta-externalagent | meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)
  GoogleOther | GoogleOther
  GoogleOther | Mozilla/5.0 (compatible; GoogleOther)
  Google-Extended | Mozilla/5.0 (compatible; Google-Extended/1.0; +http://www.google.com/bot.html)
  APIs-Google | APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)
  FeedFetcher-Google | FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)
  Mediapartners-Google | Mediapartners-Google
  AdsBot-Google-Mobile-Apps | AdsBot-Google-Mobile-Apps
  Google Favicon | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.75 Safari/537.36 Google Favicon
  PetalBot | Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)
  PetalBot | Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)
  SeznamBot | Mozilla/5.0 (compatible; SeznamBot/4.0; +http://napoveda.seznam.cz/seznambot-intro/)
  MJ12bot | Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)
  Yeti | Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)
  DotBot | Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)
  Chrome-Lighthouse | Mozilla/5.0 (Linux; Android 7.0; Moto G (4)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.4695.0 Mobile Safari/537.36 Chrome-Lighthouse
  GTmetrix | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36 GTmetrix
  HubSpot Connect | HubSpot Connect 2.0 (http://dev.hubspot.com/) - BizOpsCompanies-Tq2-BizCoDomainValidationAudit
  MailChimp | MailChimp
  Mailchimp | Mailchimp.com
  Java | Java/1.8.0_181
  libwww-perl | libwww-perl/6.67
  Apache-HttpClient | Apache-HttpClient/4.5.13 (Java/11.0.14)
  aiohttp | Python/3.11 aiohttp/3.9.1
  python-httpx | python-httpx/0.27.0
  Python-urllib | Python-urllib/3.11
  Ruby | Ruby
  http.rb | http.rb/5.1.1
  PHP | PHP/8.2
  GuzzleHttp | GuzzleHttp/7
  Dart | Dart/3.2 (dart:io)
  rest-client | rest-client/2.1.0 (linux x86_64) ruby/3.2.2p53
  Faraday | Faraday v2.7.10
  HTTPie | HTTPie/3.2.2
  insomnia | insomnia/8.6.0
  k6 | k6/0.48.0 (https://k6.io/)
  Scrapy | Scrapy/2.11.0 (+https://scrapy.org)
  node | node
  undici | undici
  got | got (https://github.com/sindresorhus/got)
  Deno | Deno/1.40.2
  Bun | Bun/1.0.25
  axios | axios/1.6.7
  node-fetch | node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
  curl | curl/8.4.0
  curl | curl/7.54.0 (x86_64-apple-darwin17.0) libcurl/7.54.0 LibreSSL/2.0.20
  Wget | Wget/1.21.4 (linux-gnu)
  lua-resty-http | lua-resty-http/0.17.1 (Lua) ngx_lua/10025
  WindowsPowerShell | Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1682
  Sogou web spider | Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)
  Faraday | Ruby/3.2 Faraday/2.7
  aws-sdk-go | aws-sdk-go/1.44 (go1.20; linux; amd64)
  bluesky-domain-status-classifier | bluesky-domain-status-classifier/1.0 (+https://bsky.app)
  SnapchatAds | Mozilla/5.0 (compatible; SnapchatAds/1.0; +https://businesshelp.snapchat.com/s/article/adsbot-crawler)
  bitlybot | bitlybot/3.0 (+http://bit.ly/)
  TweetmemeBot | Mozilla/5.0 (TweetmemeBot/4.0; +http://datasift.com/bot.html) Gecko/20100101 Firefox/31.0
  WinHttp.WinHttpRequest | Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)
  Amazon CloudFront | Amazon CloudFront
  Amazonbot | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot) Chrome/119.0.6045.214 Safari/537.36
  Claude-User | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)
  OAI-SearchBot | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot
  Bingbot | Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
  MicrosoftPreview | Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)
  archive.org_bot | Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)
  Unknown bot | Mozilla/5.0 (compatible; +https://example.com/bot)
  Unknown bot | https://example.com/crawler
  Unknown bot | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 (bot@example.com)
  Foo-Checker | Mozilla/5.0 (compatible; Foo-Checker/2.0; https://support.example.com/http/url; support@example.com)
  My Crawler | My Crawler 3.1 (https://example.com/curl)
  ExampleApp | ExampleApp/1.2 okhttp/4.12.0
  ExampleApp | ExampleApp/1.2 (https://example.com; python-requests)
`);
