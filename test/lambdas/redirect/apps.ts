/** An app that opens a link, or a device: what a click should say, and the User-Agent. */
export type AppClick = [
  platform: string,
  device: string,
  system: string | null,
  browser: string,
  userAgent: string,
];

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const onIPhone = (end: string) =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) ${WEBKIT} Mobile/15E148 ${end}`;
const onIPad = (end: string) =>
  `Mozilla/5.0 (iPad; CPU OS 17_5_1 like Mac OS X) ${WEBKIT} Mobile/15E148 ${end}`;
const onAndroid = (end: string) =>
  `Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 ${end}`;
const onWindows = (app: string) =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ${app} Chrome/126.0.0.0 Electron/31.0.0 Safari/537.36`;
const chromeOn = (machine: string, end = '') =>
  `Mozilla/5.0 (${machine}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36${end}`;

/** The tokens that apps add on either phone system, and the name of the app. */
const TOKENS: [browser: string, ...tokens: string[]][] = [
  ['Threads', 'Barcelona 332.0.0.22.90 (iPhone14,5; iOS 17_5_1; en_US; en; scale=3.00; 1170x2532)'],
  ['Instagram', 'Instagram 406.0.0.58.159 Android (35/15; 480dpi; 1080x2400; OPPO; CPH2557; en_MY)'],
  ['Facebook', 'MetaIAB Facebook', '[FB_IAB/FB4A;FBAV/466.1.0.58.78;]', '[FBAN/FBIOS;FBAV/466.0]'],
  ['Messenger', '[FB_IAB/Orca-Android;FBAV/460.0.0;]', '[FBAN/MessengerForiOS;FBAV/460.0]'],
  ['Messenger', '[FB_IAB/MESSENGER;FBAV/460.0.0;]', 'LightSpeed [FBAN/MessengerLiteForiOS;FBAV/460]'],
  ['Twitter', 'TwitterAndroid', 'Twitter for iPhone', 'Twitter for iPhone/10.40'],
  ['Bing', 'BingSapphire/29.1.420603005', 'Version/17.0 BingSapphire/1.0.431106001'],
  ['Microsoft Start', 'NewsSapphire/28.0.420603002'],
  ['Google', 'GSA/14.50.11.29.arm64'],
  ['KakaoTalk', 'KAKAOTALK 10.4.3', 'KAKAOTALK/10.4.3 (INAPP)', ';KAKAOTALK 2410430'],
  ['NAVER', 'NAVER(inapp; search; 2000; 12.6.5)', 'NAVER(inapp; blog; 100; 8.0)'],
  ['Telegram', 'Telegram-Android/10.13.1 (Samsung SM-S921B; Android 14; SDK 34; HIGH)'],
  ['Reddit', 'Reddit/Version 2024.17.0/Build 1604/Android 14'],
  ['DuckDuckGo', 'DuckDuckGo/5', 'Safari/605.1.15 Ddg/17.4'],
  ['Huawei Browser', 'HuaweiBrowser/14.0.5.303'],
  ['Miui', 'XiaoMi/MiuiBrowser/14.10.1-gn'],
  ['Snapchat', 'Snapchat/12.90.0.40 (SM-S921B; Android 14#x#34; gzip)'],
  ['TikTok', 'trill_330204 BytedanceWebview/d8a21c6', 'musical_ly_2022803040 JsSdk/2.0 NetType/WIFI'],
  ['Pinterest', '[Pinterest/iOS]', '[Pinterest/Android]', 'Pinterest for Android/12.1'],
  ['LinkedIn', '[LinkedInApp]/9.29.8963', 'LinkedInApp'],
  ['WeChat', 'MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/en'],
  ['LINE', 'Safari Line/14.9.0', 'Line/14.9.0/IAB'],
  ['Viber', 'Viber/22.0'],
  ['WhatsApp', 'WhatsApp/2.24'],
  ['Quora', 'Quora iPhone'],
  ['Skype', 'Skype/8.119'],
  ['Flipboard', 'Flipboard/4.3'],
  ['Tumblr', 'Tumblr/34'],
  ['Weibo', 'Weibo (iPhone14,5__weibo__14.5.0__iphone__os17.5)'],
  ['Zalo', 'Zalo android/24'],
  ['DingTalk', 'DingTalk/7.5 (com.alibaba.android.rimet)'],
  ['Lark', 'Lark/7.15 LarkLocale/en'],
  ['Alipay', 'AlipayClient/10.5.96.8000'],
  ['Baidu', 'baiduboxapp/13.56 (Baidu; P1 14)'],
  ['Yahoo', 'YJApp-ANDROID jp.co.yahoo.android.yjtop/3.166'],
  ['Brave', 'Brave/1.2.11'],
  ['Ecosia', 'Ecosia android@120'],
  ['SmartNews', 'SmartNews/24.5'],
  ['Toutiao', 'NewsArticle/9.1 JsSdk/2.0 NetType/WIFI (NewsLite 9.1)'],
];

export const IN_APP: AppClick[] = TOKENS.flatMap(([browser, ...tokens]) =>
  tokens.flatMap((token): AppClick[] => [
    ['ios', 'phone', 'ios', browser, onIPhone(token)],
    ['ios', 'tablet', 'ios', browser, onIPad(token)],
    ...(token.includes('iPhone')
      ? []
      : [['android', 'phone', 'android', browser, onAndroid(token)] as AppClick]),
  ]),
);

/** Apps that send no browser's User-Agent at all. */
export const APPS_ALONE: AppClick[] = [
  [
    'android',
    'phone',
    'android',
    'Facebook',
    '[FBAN/FB4A;FBAV/466.0.0.42.103;FBBV/600000;FBDM/{density=3.0,width=1080,height=2340};FBLC/en_US;FBMF/samsung;FBPN/com.facebook.katana;FBDV/SM-S921B;FBSV/14;FBCA/arm64-v8a:;]',
  ],
  ['android', 'phone', 'android', 'Facebook', '[FBAN/FB4A;FBAV/466.0;FBDV/SM-S921B;FBSV/14]'],
  ['android', 'phone', 'android', 'Facebook', '[FBAN/EMA;FBLC/en_US;FBAV/400]'],
  ['android', 'phone', 'android', 'Facebook', '[FB_IAB/FB4A;FBAV/466.1.0.58.78;]'],
  [
    'ios',
    'phone',
    'ios',
    'Facebook',
    '[FBAN/FBIOS;FBAV/466.0;FBBV/6;FBDV/iPhone14,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBID/phone]',
  ],
  [
    'ios',
    'tablet',
    'ios',
    'Facebook',
    '[FBAN/FBIOS;FBDV/iPad13,1;FBMD/iPad;FBSN/iPadOS;FBSV/17.5;FBID/tablet]',
  ],
  ['ios', 'phone', 'ios', 'Messenger', '[FBAN/MessengerForiOS;FBAV/460.0;FBDV/iPhone14,2;FBSN/iOS]'],
  ['android', 'phone', 'android', 'Messenger', '[FBAN/Orca-Android;FBAV/460.0;FBDV/SM-S921B;FBSV/14;]'],
  [
    'android',
    'phone',
    'android',
    'Twitter',
    'TwitterAndroid/10.21.0-release.0 (310210000-r-0) SM-G991B/13 (samsung;SM-G991B;samsung;SM-G991B;0;;1;2013)',
  ],
  ['ios', 'phone', 'ios', 'Twitter', 'Twitter-iPhone/10.40 iOS/17.4 (Apple;iPhone14,5;;;;;1;2021)'],
  [
    'android',
    'phone',
    'android',
    'Threads',
    'Barcelona 289.0.0.77.109 Android (33/13; 420dpi; 1080x2400; Google/google; Pixel 7; panther; en_US)',
  ],
  [
    'ios',
    'phone',
    'ios',
    'Instagram',
    'Instagram 332.0.0.22.90 (iPhone14,5; iOS 17_5_1; en_US; en; scale=3.00; 1170x2532; 599114128)',
  ],
  ['android', 'phone', 'android', 'KakaoTalk', 'KAKAOTALK 10.4.3 (Android)'],
  [
    'android',
    'phone',
    'android',
    'Telegram',
    'Telegram-Android/10.13.1 (Samsung SM-S921B; Android 14; SDK 34; HIGH)',
  ],
  ['android', 'phone', 'android', 'Reddit', 'Reddit/Version 2024.17.0/Build 1604/Android 14'],
  ['ios', 'phone', 'ios', 'Reddit', 'Reddit/Version 2024.17.0/Build 614602/iOS Version 17.5.1 (Build 21F90)'],
];

export const DESKTOP_APPS: AppClick[] = [
  ['desktop', 'desktop', 'windows', 'Slack', onWindows('Slack/4.39.90')],
  ['desktop', 'desktop', 'windows', 'Slack', onWindows('Slack_SSB/4.39.90')],
  ['desktop', 'desktop', 'windows', 'Microsoft Teams', onWindows('Teams/1.7.00.19353')],
  ['desktop', 'desktop', 'windows', 'Discord', onWindows('discord/1.0.9156')],
  ['desktop', 'desktop', 'windows', 'Electron', onWindows('Rocket.Chat/3.9.14')],
  ['desktop', 'desktop', 'windows', 'Electron', onWindows('Mattermost/5.8.0')],
  [
    'desktop',
    'desktop',
    'windows',
    'Coc Coc',
    chromeOn('Windows NT 10.0; Win64; x64', ' coc_coc_browser/120.0.154'),
  ],
  [
    'desktop',
    'desktop',
    'windows',
    'Yandex Browser',
    chromeOn('Windows NT 10.0; Win64; x64', ' YaBrowser/24.6.0'),
  ],
  [
    'desktop',
    'desktop',
    'linux',
    'Thunderbird',
    'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.0',
  ],
  ['desktop', 'desktop', 'macos', 'Safari', `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT}`],
  [
    'desktop',
    'desktop',
    'macos',
    'DuckDuckGo',
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/17.4 Safari/605.1.15 Ddg/17.4`,
  ],
  [
    'desktop',
    'desktop',
    'windows',
    'Internet Explorer',
    'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; WOW64; Trident/6.0; Touch)',
  ],
  [
    'desktop',
    'desktop',
    'linux',
    'Konqueror',
    'Mozilla/5.0 (compatible; Konqueror/4.5; Linux) KHTML/4.5.4 (like Gecko)',
  ],
  ['desktop', 'desktop', 'chromeos', 'Chrome', chromeOn('X11; CrOS x86_64 14541.0.0')],
  [
    'desktop',
    'desktop',
    null,
    'Firefox',
    'Mozilla/5.0 (X11; FreeBSD amd64; rv:120.0) Gecko/20100101 Firefox/120.0',
  ],
];

export const DEVICES: AppClick[] = [
  ['desktop', 'desktop', null, 'Chrome', chromeOn('PC; OpenHarmony 5.0', ' ArkWeb/4.1.6.1')],
  [
    'desktop',
    'desktop',
    null,
    'Huawei Browser',
    chromeOn('PC; OpenHarmony 5.0; HarmonyOS 5.0', ' ArkWeb/4.1.6.1 HuaweiBrowser/5.0.8.305'),
  ],
  ['mobile', 'phone', null, 'Chrome', chromeOn('Phone; OpenHarmony 5.0', ' ArkWeb/4.1.6.1 Mobile')],
  ['tablet', 'tablet', null, 'Chrome', chromeOn('Tablet; OpenHarmony 5.0', ' ArkWeb/4.1.6.1')],
  ['tv', 'tv', null, 'Chrome', chromeOn('TV; OpenHarmony 5.0', ' ArkWeb/4.1.6.1')],
  [
    'android',
    'phone',
    'android',
    'Huawei Browser',
    chromeOn('Linux; Android 10; HarmonyOS; ELS-AN00', ' HuaweiBrowser/14.0.5 Mobile'),
  ],
  ['android', 'tablet', 'android', 'Chrome', chromeOn('Linux; Android 13; SM-X700')],
  [
    'mobile',
    'phone',
    null,
    'Firefox',
    'Mozilla/5.0 (Mobile; Nokia_2720_Flip; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.2.1',
  ],
  [
    'mobile',
    'phone',
    null,
    'Edge',
    'Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0 Mobile Safari/537.36 Edge/15.15254',
  ],
  [
    'mobile',
    'phone',
    null,
    'Samsung Internet',
    'Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) SamsungBrowser/1 Mobile Safari/537.3',
  ],
  ...[
    'Android 7.1.2; AFTMM Build/NS6265; wv',
    'Android 9; AFTSSS',
    'Android 12; AFTEUFF014',
    'Android 12; Chromecast',
    'Android 9; BRAVIA 4K GB',
    'Android 11; Android TV Build/RTT1',
    'Android 10; SMART TV',
    'Android 10; SMART_TV',
    'Android 10; TCL Smart TV Pro',
    'Android 12; SHIELD Android TV',
    'Android 11; Google TV Streamer',
    'Android 9; MIBOX4',
    'Android 9; MI TV 4S',
  ].map((machine): AppClick => ['tv', 'tv', 'android', 'Chrome', chromeOn(`Linux; ${machine}`)]),
  [
    'tv',
    'tv',
    'android',
    'Amazon Silk',
    'Mozilla/5.0 (Linux; Android 9; AFTSSS) AppleWebKit/537.36 (KHTML, like Gecko) Silk/120.5.1 like Chrome/120.0.6099.230 Safari/537.36',
  ],
  ['tv', 'tv', null, 'Chrome', chromeOn('Linux; Andr0id 9; BRAVIA 4K UR2')],
  ['tv', 'tv', null, 'Chrome', chromeOn('Linux; GoogleTV 3.2; LG Google TV')],
  ['tv', 'tv', null, 'Chrome', chromeOn('X11; Linux armv7l', ' CrKey/1.56.500000')],
  [
    'tv',
    'tv',
    null,
    'Chrome',
    chromeOn('Linux; U; Linux armv8l', ' HbbTV/1.5.1 (+DRM;Hisense;HE55;V1;) VIDAA/6.0'),
  ],
  ['tv', 'tv', null, 'WebOS Browser', chromeOn('Web0S; Linux/SmartTV', ' WebAppManager')],
  [
    'tv',
    'tv',
    null,
    'Tizen',
    'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36',
  ],
  [
    'tv',
    'tv',
    null,
    'Tizen',
    'Mozilla/5.0 (Linux; Tizen 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36',
  ],
  ['tv', 'tv', null, 'Roku', 'Roku/DVP-12.0 (12.0.0.4182-88)'],
  ['tv', 'tv', null, 'Edge', chromeOn('Windows NT 10.0; Win64; x64; Xbox; Xbox One', ' Edge/44.19041')],
];
