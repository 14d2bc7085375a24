import type { Device } from './device.ts';

/** What a User-Agent says. `browser_name` is null for bots, and `bot_name` is null for people. */
export type UserAgent = Device & {
  browser_name: string | null;
  bot_name: string | null;
  /** Whether a social network or a messenger is fetching a preview. */
  is_social_crawler: boolean;
};

/** A visitor without a usable User-Agent. */
export const UNKNOWN_AGENT: UserAgent = {
  platform: null,
  device: null,
  system: null,
  browser_name: null,
  bot_name: null,
  is_social_crawler: false,
};

const desktop = (system: Device['system']): Device => ({ platform: 'desktop', device: 'desktop', system });
const onIos = (device: Device['device']): Device => ({ platform: 'ios', device, system: 'ios' });

/** What current browsers write between the first brackets, instead of the real device and version. */
const DESKTOPS: Record<string, Device> = {
  'Windows NT 10.0; Win64; x64': desktop('windows'),
  'Macintosh; Intel Mac OS X 10_15_7': desktop('macos'),
  'Macintosh; Intel Mac OS X 10.15': desktop('macos'),
  'X11; Linux x86_64': desktop('linux'),
  'X11; CrOS x86_64 14541.0.0': desktop('chromeos'),
};

const CHROMIUM_ON_DESKTOP =
  /^Mozilla\/5\.0 \(([^()]+)\) AppleWebKit\/537\.36 \(KHTML, like Gecko\) Chrome\/\d{2,3}\.0\.0\.0 Safari\/537\.36(?: (Edg|OPR)\/\d{2,3}\.0\.0\.0)?$/;
const CHROMIUM_ON_ANDROID =
  /^Mozilla\/5\.0 \(Linux; Android 10; K\) AppleWebKit\/537\.36 \(KHTML, like Gecko\) (SamsungBrowser\/\d{2}\.0 )?Chrome\/\d{2,3}\.0\.0\.0 (Mobile )?Safari\/537\.36( EdgA\/\d{2,3}\.0\.0\.0)?$/;
const SAFARI_ON_MAC =
  /^Mozilla\/5\.0 \(Macintosh; Intel Mac OS X 10_15_7\) AppleWebKit\/605\.1\.15 \(KHTML, like Gecko\) Version\/\d{2}(?:\.\d){1,2} Safari\/605\.1\.15$/;
const WEBKIT_ON_IOS =
  /^Mozilla\/5\.0 \((?:iPhone; CPU iPhone|(iPad); CPU) OS \d{2}(?:_\d){1,2} like Mac OS X\) AppleWebKit\/605\.1\.15 \(KHTML, like Gecko\) (?:Version\/\d{2}(?:\.\d){1,2}|(CriOS)\/\d{2,3}(?:\.\d+){3}) Mobile\/15E148 Safari\/604\.1$/;
const FIREFOX_ON_DESKTOP = /^Mozilla\/5\.0 \(([^()]+); rv:(\d{2,3}\.0)\) Gecko\/20100101 Firefox\/\2$/;

const CHROMIUM_NAMES: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' };

const person = (device: Device | undefined, browser: string): UserAgent | null =>
  device ? { ...device, browser_name: browser, bot_name: null, is_social_crawler: false } : null;

/** The table's own entry, so that no name of a prototype is one. */
const desktopOf = (comment = '') => (Object.hasOwn(DESKTOPS, comment) ? DESKTOPS[comment] : undefined);

/**
 * Describes the User-Agents that most people send, each of which is known from its first to its last character. The
 * parsers of user-agent.ts say the same of them, but take longer to load and to run: a test compares both.
 * @returns null for any other, which those parsers have to read
 */
export function describeCommonBrowser(userAgent: string): UserAgent | null {
  const chromium = CHROMIUM_ON_DESKTOP.exec(userAgent);
  if (chromium) return person(desktopOf(chromium[1]), CHROMIUM_NAMES[chromium[2] ?? ''] ?? 'Chrome');
  const webkit = WEBKIT_ON_IOS.exec(userAgent);
  if (webkit) return person(onIos(webkit[1] ? 'tablet' : 'phone'), webkit[2] ? 'Chrome' : 'Safari');
  const android = CHROMIUM_ON_ANDROID.exec(userAgent);
  if (android) {
    const [, samsung, mobile, edge] = android;
    if (samsung && edge) return null;
    const device = mobile ? 'phone' : 'tablet';
    const browser = samsung ? 'Samsung Internet' : edge ? 'Edge' : 'Chrome';
    return person({ platform: 'android', device, system: 'android' }, browser);
  }
  if (SAFARI_ON_MAC.test(userAgent)) return person(desktop('macos'), 'Safari');
  const firefox = FIREFOX_ON_DESKTOP.exec(userAgent);
  return firefox && person(desktopOf(firefox[1]), 'Firefox');
}
