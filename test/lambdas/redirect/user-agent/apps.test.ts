import { expect, test } from '@jest/globals';
import { BROWSER_NAMES, PLATFORMS } from '../../../../lambdas/clicks/visitor-values.ts';
import { describeUserAgent } from '../../../../lambdas/redirect/user-agent/user-agent.ts';
import { APPS_ALONE, type AppClick, DESKTOP_APPS, DEVICES, IN_APP, TELEVISIONS } from './apps.ts';
import { USER_AGENTS } from './user-agents.ts';

const seen = (clicks: AppClick[]) =>
  clicks.map(([, , , , userAgent]) => ({ userAgent, ...describeUserAgent(userAgent) }));
const wanted = (clicks: AppClick[]) =>
  clicks.map(([platform, device, system, browser_name, userAgent]) => ({
    userAgent,
    platform,
    device,
    system,
    browser_name,
    bot_name: null,
    is_social_crawler: false,
  }));

test.each([
  ['an app that opens links in its own browser is named, whatever it is on', IN_APP],
  ['an app that sends no browser’s User-Agent is a person’s, on the system that it names', APPS_ALONE],
  ['an app on a computer is named, and so is its system', DESKTOP_APPS],
  ['televisions, phones, tablets and computers are told apart', DEVICES],
  ['a television or box is one by its model or build, and a phone is none', TELEVISIONS],
])('%s', (_title, clicks) => {
  expect(seen(clicks)).toEqual(wanted(clicks));
});

test('rules can name every platform and browser that these clicks have', () => {
  const people = [...IN_APP, ...APPS_ALONE, ...DESKTOP_APPS, ...DEVICES].map(
    ([, , , , userAgent]) => userAgent,
  );
  for (const userAgent of [...people, ...USER_AGENTS.map(([userAgent]) => userAgent)]) {
    const { platform, browser_name } = describeUserAgent(userAgent);
    if (platform !== null) expect(PLATFORMS).toContain(platform);
    if (browser_name !== null) expect(BROWSER_NAMES).toContain(browser_name);
  }
});

test('an iPad that poses as a Macintosh is a desktop, because nothing in its User-Agent differs', () => {
  const asMacintosh =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';
  expect(describeUserAgent(asMacintosh)).toMatchObject({ platform: 'desktop', system: 'macos' });
});

test('a bot has the device of the browser that it imitates', () => {
  expect(
    describeUserAgent(
      'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    ),
  ).toMatchObject({ platform: 'android', device: 'phone', system: 'android', bot_name: 'Googlebot' });
});
