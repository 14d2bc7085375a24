/**
 * The possible values of `platform` and `browser_name`, which docs/payload.md explains and rules compare visitors with.
 * The schemas of rules use them too. This file imports nothing, because the redirect loads it at every cold start.
 */

/** `mobile` and `tablet` are devices that run neither iOS nor Android. */
export const PLATFORMS = ['desktop', 'ios', 'android', 'mobile', 'tablet', 'tv'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Operating systems that a rule can name in addition to the platforms. `ios` and `android` are platforms. */
export const RULE_SYSTEMS = ['windows', 'macos', 'linux', 'chromeos'] as const;

/** A plain language tag in lower case: the language, then optionally its script and its region. */
export const LANGUAGE_TAG = /^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?$/;

/**
 * The member states of the European Union since 2020, by ISO 3166-1 alpha-2 code. The European Economic Area is larger.
 */
export const EU_COUNTRIES =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** Apps that open links in their own browser, and browsers that the parser does not know. */
export const APP_NAMES = [
  'Alipay',
  'Avast Secure Browser',
  'Baidu',
  'Bing',
  'Brave',
  'Coc Coc',
  'DingTalk',
  'Discord',
  'DuckDuckGo',
  'Ecosia',
  'Facebook',
  'Flipboard',
  'Google',
  'Huawei Browser',
  'Instagram',
  'KakaoTalk',
  'Konqueror',
  'Lark',
  'LINE',
  'LinkedIn',
  'Messenger',
  'Microsoft Start',
  'Microsoft Teams',
  'NAVER',
  'NewsBreak',
  'Oculus Browser',
  'Pinterest',
  'QQ',
  'Quark',
  'Quora',
  'Reddit',
  'Skype',
  'Slack',
  'SmartNews',
  'Snapchat',
  'Telegram',
  'Threads',
  'Thunderbird',
  'TikTok',
  'Toutiao',
  'Tumblr',
  'Twitter',
  'Viber',
  'WeChat',
  'Weibo',
  'WhatsApp',
  'Yahoo',
  'Zalo',
] as const;
export type AppName = (typeof APP_NAMES)[number];

/**
 * Every `browser_name` of a known product: browsers, then apps, each in alphabetical order. The annotation as pure lets
 * the bundler drop the list from the redirect's bundle, which does not use it.
 */
export const BROWSER_NAMES: readonly string[] = /* @__PURE__ */ [
  'Amazon Silk',
  'Android Browser',
  'Bada',
  'BlackBerry',
  'Chrome',
  'Chromium',
  'Edge',
  'Electron',
  'Epiphany',
  'Firefox',
  'Focus',
  'Generic',
  'HeyTap Browser',
  'Internet Explorer',
  'K-Meleon',
  'Ladybird',
  'LibreWolf',
  'Maxthon',
  'Miui',
  'MZ Browser',
  'NAVER Whale Browser',
  'Opera',
  'Opera Coast',
  'Pale Moon',
  'PlayStation 4',
  'Puffin',
  'QQ Browser',
  'QQ Browser Lite',
  'QupZilla',
  'Roku',
  'Safari',
  'Sailfish',
  'Samsung Internet',
  'SeaMonkey',
  'Sleipnir',
  'SlimerJS',
  'Sogou Browser',
  'Swing',
  'Tizen',
  'UC Browser',
  'Vivaldi',
  'Vivo Browser',
  'WebOS Browser',
  'Yandex Browser',
].concat(APP_NAMES);
