import type { ClickMessage } from '../../clicks/click.ts';
import type { Platform } from '../../clicks/visitor-values.ts';
import { oneLine } from './plain-text.ts';

/** A click in the words that a message shows to people. Each text is one line, without markup, and not empty. */
export type ClickText = {
  id: string;
  title: 'New click' | 'Test click';
  /** The link's name; its short URL if it has none. */
  name: string;
  /** Without a scheme, so that no chat tool opens it for a preview: that would be another click. */
  shortUrl: string;
  destination: string;
  /** The destination as a link; null if it is not http or https, or too long for a link. */
  destinationUrl: string | null;
  country: string;
  platform: string;
  browser: string;
  /** Platform and browser. */
  device: string;
  referrer: string;
  isBot: boolean;
  /** `Person`, or the bot. */
  visitor: string;
  time: Date;
  /** In UTC, such as `2025-01-15 10:30:00 UTC`. */
  timeText: string;
};

const PLATFORM_NAMES = new Map<string, string>(
  Object.entries({
    desktop: 'Desktop',
    ios: 'iOS',
    android: 'Android',
    mobile: 'Mobile',
    tablet: 'Tablet',
    tv: 'TV',
  } satisfies Record<Platform, string>),
);

const UNKNOWN = 'Unknown';

// Lives as long as the function instance. It is created for the first message, because loading it takes a while.
let regionNames: Intl.DisplayNames | undefined;

const REGIONAL_A = 0x1f1e6;
const flagOf = (code: string) =>
  String.fromCodePoint(...[...code].map((letter) => REGIONAL_A + letter.charCodeAt(0) - 65));

/** A country with its flag and its English name, such as `🇩🇪 Germany`; a code that names no country as it is. */
function countryText(code: unknown): string {
  const written = oneLine(code).toUpperCase();
  if (!/^[A-Z]{2}$/.test(written)) return UNKNOWN;
  regionNames ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const name = regionNames.of(written);
  return name === undefined ? written : `${flagOf(written)} ${name}`;
}

/** The host of a referrer. That of an app's (`android-app://…`) is the name of the app. */
function referrerText(referer: unknown): string {
  if (typeof referer !== 'string' || referer === '') return 'None';
  return (URL.canParse(referer) && oneLine(new URL(referer).host)) || UNKNOWN;
}

/** Most receivers limit links to about this length. */
const MAX_LINK_LENGTH = 1_500;

function linkTo(destination: unknown): string | null {
  if (typeof destination !== 'string' || !URL.canParse(destination)) return null;
  const { protocol, href } = new URL(destination);
  return /^https?:$/.test(protocol) && href.length <= MAX_LINK_LENGTH ? href : null;
}

/** What a message says about a click. Never throws, whatever the values of the link and the click are. */
export function clickText({ counted, payload: { timestamp, link, click } }: ClickMessage): ClickText {
  const shortUrl = oneLine(link.full_url).replace(/^https?:\/\//i, '') || UNKNOWN;
  const writtenPlatform = oneLine(click.platform);
  const platform = PLATFORM_NAMES.get(writtenPlatform) ?? (writtenPlatform || UNKNOWN);
  const browser = oneLine(click.browser_name) || UNKNOWN;
  const known = [platform, browser].filter((one) => one !== UNKNOWN);
  const bot = oneLine(click.bot_name);
  const time = new Date(timestamp);
  return {
    id: click.id,
    title: counted ? 'New click' : 'Test click',
    name: oneLine(link.name) || shortUrl,
    shortUrl,
    destination: oneLine(click.destination) || UNKNOWN,
    destinationUrl: linkTo(click.destination),
    country: countryText(click.country),
    platform,
    browser,
    device: known.join(', ') || UNKNOWN,
    referrer: referrerText(click.referer),
    isBot: bot !== '',
    visitor: bot === '' ? 'Person' : `Bot: ${bot}`,
    time,
    timeText: `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  };
}

/** The facts of a click that every message lists, each with its label. */
export function factsOf(text: ClickText): [label: string, value: string][] {
  return [
    ['Short link', text.shortUrl],
    ['Destination', text.destination],
    ['Country', text.country],
    ['Device', text.device],
    ['Referrer', text.referrer],
    ['Visitor', text.visitor],
  ];
}
