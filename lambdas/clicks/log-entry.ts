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

/** The campaign values of a click: the visitor's parameters, else those that the destination was given. */
function utmOf(params: ClickParams, destination: string): { [name in UtmName]?: string } {
  const given = URL.canParse(destination) ? new URL(destination).searchParams : new URLSearchParams();
  const value = (name: UtmName) => {
    const own = Object.hasOwn(params, name) ? [params[name]].flat()[0] : undefined;
    return own || given.get(name) || undefined;
  };
  return Object.fromEntries(UTM_NAMES.map((name) => [name, value(name)]));
}

function detailsOf({ rule, payload }: ClickMessage): LoggedDetails {
  const { link, click, timestamp } = payload;
  const { country, platform, browser_name, bot_name, referer, isp, destination, params } = click;
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
    ...utmOf(params, destination),
    params: Object.keys(params).length > 0 ? params : undefined,
  } as LoggedDetails;
}

/** DynamoDB bills a write by started kilobytes of the item: its names and its values (Developer Guide, item sizes). */
const MOST_ITEM_BYTES = 1_024;
/** A number of 16 digits, which `link_id` and `ttl` have at most, takes no more. */
const NUMBER_BYTES = 10;
/** The bytes of an attribute with a text. Our names of attributes are ASCII. */
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

/** The parameters keep at least this many characters of each value. If that is too much, the longest are left out. */
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

/** The details with the shortest parameters only. A request can have thousands, so they are sorted once. */
function parameterCutter(details: LoggedDetails): { total: number; keep: (total: number) => LoggedDetails } {
  const { params = {}, ...others } = details;
  const bytes = (name: string) => Buffer.byteLength(JSON.stringify([name, params[name]]));
  const sized = Object.keys(params).map((name, index) => ({ name, index, size: bytes(name) }));
  sized.sort((one, other) => one.size - other.size);
  const keep = (total: number) => {
    if (total === 0) return others;
    const kept = sized.slice(0, total).sort((one, other) => one.index - other.index);
    return { ...others, params: Object.fromEntries(kept.map(({ name }) => [name, params[name] ?? ''])) };
  };
  return { total: sized.length, keep };
}

/** The details as text of at most `most` bytes. The longest values are shortened first. */
function fittedText(details: LoggedDetails, most: number): string {
  const whole = JSON.stringify(details);
  if (Buffer.byteLength(whole) <= most) return whole;
  const fits = (text: string) => Buffer.byteLength(text) <= most;
  const cutter = parameterCutter(details);
  const textOf = (total: number, length: number) =>
    JSON.stringify(withoutMoreThan(cutter.keep(total), length));
  const total = largest(0, cutter.total, (value) => fits(textOf(value, LEAST_LENGTH))) ?? 0;
  const length = largest(0, whole.length, (value) => fits(textOf(total, value))) ?? 0;
  return textOf(total, length);
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
  const numbers = 'link_id'.length + 'ttl'.length + 2 * NUMBER_BYTES;
  const details = fittedText(detailsOf(message), MOST_ITEM_BYTES - around - numbers - 'click'.length);
  return { pk, sk, token, ttl, link_id, click: details };
}
