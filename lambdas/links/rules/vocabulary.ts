import { PLATFORMS, RULE_SYSTEMS } from '../../clicks/visitor-values.ts';

// The kinds of rules and the words that `matches` may contain. The API checks them and the dashboard explains them.
// docs/api/links.md has the same as a table.

/** Every entry of a rule for platforms, as stored. */
export const RULE_PLATFORMS: readonly string[] = [...PLATFORMS, ...RULE_SYSTEMS];

/** What a rule looks at, and an explanation of its `matches`. */
export const RULE_WHATS = {
  country: 'Two-letter codes such as US, GB; names such as Germany; EU for its 27 members',
  platform: RULE_PLATFORMS.join(', '),
  device: RULE_PLATFORMS.join(', '),
  rotator: 'Nothing. Its percentage is its share of all clicks',
  browser: 'Names such as Chrome, Safari, Edge, Firefox, Samsung Internet, Instagram',
  language: 'Tags such as en, en-GB, pt-BR; names such as German',
  bot: 'Names such as Googlebot; blank means every bot',
} as const;
export type RuleWhat = keyof typeof RULE_WHATS;

/** Other words for platforms and systems. A word is also understood without its spaces. */
export const PLATFORM_SYNONYMS: Record<string, readonly string[]> = {
  desktop: ['desktops', 'computer', 'computers', 'pc', 'pcs', 'laptop', 'laptops', 'desktop computer'],
  mobile: [
    'mobiles',
    'mobile phone',
    'mobile phones',
    'phone',
    'phones',
    'smartphone',
    'smartphones',
    'smart phone',
    'smart phones',
    'cell phone',
  ],
  tablet: ['tablets'],
  tv: [
    'tvs',
    'smart tv',
    'smart tvs',
    'android tv',
    'google tv',
    'apple tv',
    'television',
    'televisions',
    'console',
    'game console',
  ],
  ios: ['iphone', 'iphones', 'ipad', 'ipads', 'ipod', 'ipados', 'apple ios', 'iphone os', 'ipad os'],
  android: ['androids', 'android phone', 'android phones', 'google android'],
  windows: ['win', 'microsoft windows', 'ms windows', 'windows pc', 'windows 10', 'windows 11'],
  macos: ['mac', 'macs', 'osx', 'os x', 'mac os', 'mac os x', 'mac osx', 'macintosh', 'macbook', 'imac'],
  linux: ['gnu linux', 'ubuntu'],
  chromeos: ['chrome os', 'chromebook', 'chromebooks', 'cros'],
};

/** Words for a part of a platform that rules cannot tell apart. Split into two words, they would match far more. */
export const NO_PLATFORMS = [
  'android tablet',
  'android tablets',
  'windows mobile',
  'windows phone',
  'windows phones',
  'windows tablet',
  'windows tablets',
];

/**
 * Other words for browsers. `X browser` for X, and X for `X Browser`, are not listed because they are always
 * understood.
 */
export const BROWSER_SYNONYMS: Record<string, readonly string[]> = {
  'Amazon Silk': ['silk'],
  Chrome: [
    'google chrome',
    'mobile chrome',
    'chrome mobile',
    'chrome for android',
    'chrome android',
    'chrome for ios',
    'chrome ios',
    'crios',
  ],
  DuckDuckGo: ['duck duck go', 'ddg'],
  Edge: ['microsoft edge', 'ms edge', 'mobile edge', 'edge mobile', 'edge chromium', 'edg', 'edga', 'edgios'],
  Facebook: ['fb', 'facebook app'],
  Firefox: [
    'mozilla',
    'mozilla firefox',
    'mobile firefox',
    'firefox mobile',
    'firefox for android',
    'firefox for ios',
    'firefox ios',
    'fxios',
  ],
  Focus: ['firefox focus'],
  Google: ['google app', 'gsa'],
  Instagram: ['ig', 'instagram app'],
  'Internet Explorer': ['ie', 'msie', 'microsoft internet explorer', 'explorer'],
  KakaoTalk: ['kakao', 'kakao talk'],
  LINE: ['line app'],
  LinkedIn: ['linked in', 'linkedin app'],
  Messenger: ['facebook messenger'],
  Miui: ['mi browser', 'xiaomi', 'xiaomi browser'],
  'NAVER Whale Browser': ['whale', 'naver whale'],
  Opera: ['opera mini', 'opera mobile', 'opera touch', 'opera gx', 'opr'],
  Safari: ['apple safari', 'mobile safari', 'safari mobile', 'safari ios', 'ios safari'],
  'Samsung Internet': ['samsung', 'samsung internet browser', 'samsung internet for android'],
  Telegram: ['telegram app'],
  TikTok: ['tik tok', 'tiktok app'],
  Twitter: ['x', 'twitter app'],
  'UC Browser': ['ucbrowser'],
  WeChat: ['weixin', 'micromessenger'],
  'Yandex Browser': ['yabrowser'],
};
