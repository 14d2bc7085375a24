import { partition } from '../table.ts';
import type { ClickMessage, ClickParams } from './click.ts';
import { ulidTime } from './identity.ts';

// A click in the log is one item of the clicks table. Writing it is also the claim of the click, so it has to fit into
// one write unit. Its details are one text, because reports read a million of them.

export const UTM_NAMES = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;
export type UtmName = (typeof UTM_NAMES)[number];

/**
 * What the log keeps of a click. Absent means null. There is no address, no user agent and no full referrer in it.
 */
export type LoggedDetails = {
  /** As in the payload. */
  timestamp: string;
  country?: string;
  platform?: string;
  browser?: string;
  /** The name of a bot; absent for a person. */
  bot?: string;
  /** The Referer without its query and fragment. */
  referer?: string;
  isp?: string;
  /** Where the click went, if that is not the link's `url`. */
  destination?: string;
  /** The rule of the link that chose the destination, counted from 1. */
  rule?: number;
  params?: ClickParams;
  /** True if values were cut off or parameters left out, so that the item is small enough. */
  shortened?: true;
} & { [name in UtmName]?: string };

/** A click as the log returns it. */
export type LoggedClick = LoggedDetails & { id: string; link_id: number };

/** The longest time that a click can be kept: ten years. No report reads further back. */
export const MAX_RETENTION_DAYS = 3_650;

/** How many partitions share the clicks of a workspace and a month, so that 4,000 clicks a second can be written. */
export const SHARDS = 4;

/** The partition keys of a workspace's clicks in a month (`2026-01`, UTC), one for each shard. */
export function monthPartitions(workspaceId: number, month: string): string[] {
  return Array.from({ length: SHARDS }, (_, shard) => partition.clicks(workspaceId, month, shard));
}

/** The key of a click. It comes from the click alone, so every copy of a message has the same. */
export function clickKey({ workspace_id, counted, payload }: ClickMessage): { pk: string; sk: string } {
  const { id } = payload.click;
  if (!counted) return { pk: partition.sampleClicks(workspace_id), sk: id };
  const month = new Date(ulidTime(id)).toISOString().slice(0, 7);
  return { pk: partition.clicks(workspace_id, month, id.charCodeAt(id.length - 1) % SHARDS), sk: id };
}

/** A referrer without its query and fragment, which can contain anything. */
function bareReferrer(referer: string | null): string | undefined {
  return referer?.replace(/[?#].*$/s, '') || undefined;
}

/** A campaign value of a click: the visitor's parameter, else the one that the destination was given. */
function utmOf(name: UtmName, params: ClickParams, destination: string): string | undefined {
  const own = Object.hasOwn(params, name) ? [params[name]].flat()[0] : undefined;
  return own || (URL.canParse(destination) ? new URL(destination).searchParams.get(name) : null) || undefined;
}

function detailsOf({ rule, payload }: ClickMessage): LoggedDetails {
  const { link, click, timestamp } = payload;
  const { country, platform, browser_name, bot_name, referer, isp, destination, params } = click;
  const utm = UTM_NAMES.map((name) => [name, utmOf(name, params, destination)]);
  return {
    timestamp,
    country: country ?? undefined,
    platform: platform ?? undefined,
    browser: browser_name ?? undefined,
    bot: bot_name ?? undefined,
    referer: bareReferrer(referer),
    isp: isp ?? undefined,
    destination: destination === link.url ? undefined : destination,
    rule: rule ?? undefined,
    ...Object.fromEntries(utm),
    params: Object.keys(params).length > 0 ? params : undefined,
  } as LoggedDetails;
}

/** DynamoDB bills a write by started kilobytes of the item: its names and its values (Developer Guide, item sizes). */
const MOST_ITEM_BYTES = 1_024;
/** The bytes of an item apart from its details: `link_id` and `ttl` are numbers of up to 16 digits. */
const numberBytes = 10;
const textBytes = (name: string, value: string) => name.length + Buffer.byteLength(value);

/** The first `length` characters of a text, but no half of a surrogate pair. */
const cut = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

/** Cuts every text in a value that is longer than `length`. Names and `timestamp` stay whole. */
function withoutMoreThan(details: LoggedDetails, length: number): LoggedDetails {
  const shorter = <T>(value: T): T => {
    if (typeof value === 'string') return (value.length > length ? cut(value, length) : value) as T;
    if (Array.isArray(value)) return value.map(shorter) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shorter(one)])) as T;
  };
  return { ...shorter(details), timestamp: details.timestamp, shortened: true };
}

/** Parameters keep at least so many characters. If that is too much, the longest are left out. */
const LEAST_LENGTH = 24;

/** The largest number from `least` to `most` that fits; undefined when none does. Every smaller one fits as well. */
function largest(least: number, most: number, fits: (value: number) => boolean): number | undefined {
  if (!fits(least)) return undefined;
  let [low, high] = [least, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function withoutLongestParam(details: LoggedDetails): LoggedDetails | undefined {
  const entries = Object.entries(details.params ?? {});
  if (entries.length === 0) return undefined;
  const sizes = entries.map((entry) => Buffer.byteLength(JSON.stringify(entry)));
  const longest = sizes.indexOf(Math.max(...sizes));
  const left = entries.filter((_entry, index) => index !== longest);
  const { params: _all, ...others } = details;
  return left.length > 0 ? { ...others, params: Object.fromEntries(left) } : others;
}

/** The details as text of at most `most` bytes. The longest values are shortened first. */
function fittedText(details: LoggedDetails, most: number): string {
  const whole = JSON.stringify(details);
  if (Buffer.byteLength(whole) <= most) return whole;
  const longest = whole.length;
  for (let left: LoggedDetails | undefined = details; left; left = withoutLongestParam(left)) {
    const kept: LoggedDetails = left;
    const text = (length: number) => JSON.stringify(withoutMoreThan(kept, length));
    const least = kept.params ? LEAST_LENGTH : 0;
    const length = largest(least, longest, (value) => Buffer.byteLength(text(value)) <= most);
    if (length !== undefined) return text(length);
  }
  return JSON.stringify({ timestamp: details.timestamp, shortened: true });
}

/**
 * The item of a click.
 * @param token of the claim, in plain characters
 * @param ttl when DynamoDB removes it, in seconds since 1970
 */
export function logItem(message: ClickMessage, token: string, ttl: number) {
  const { pk, sk } = clickKey(message);
  const { link_id } = message;
  const around = textBytes('pk', pk) + textBytes('sk', sk) + textBytes('token', token);
  const numbers = 'link_id'.length + 'ttl'.length + 2 * numberBytes;
  const details = fittedText(detailsOf(message), MOST_ITEM_BYTES - around - numbers - 'click'.length);
  return { pk, sk, token, ttl, link_id, click: details };
}
