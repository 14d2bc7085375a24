import fc from 'fast-check';
import type { Column } from '../../../lambdas/clicks/columns.ts';
import { ulidOf, ulidTime } from '../../../lambdas/clicks/identity.ts';
import { clickKey, type LoggedClick, UTM_NAMES } from '../../../lambdas/clicks/log-entry.ts';
import type { Item } from '../../../lambdas/table.ts';

export const DAY_MS = 24 * 60 * 60 * 1_000;
export const HOUR_MS = DAY_MS / 24;

/** Referrers, and what reports count them as. */
export const REFERRERS: Record<string, string | null> = {
  'https://news.example.com/a/b': 'news.example.com',
  'https://news.example.com/': 'news.example.com',
  'http://Shop.Example.org:8080/x': 'shop.example.org:8080',
  'android-app://com.Example.App/': 'com.example.app',
  'not an address': null,
  'about:blank': null,
};

/** Parameters of a click, its network, and what `top_params` counts. */
const PARAMS: { params: LoggedClick['params']; network: string | null; counted: string[] }[] = [
  { params: undefined, network: null, counted: [] },
  { params: { a: '1' }, network: null, counted: ['a=1'] },
  { params: { a: ['1', '2', '1'], b: '' }, network: null, counted: ['a=1', 'a=2', 'a=1', 'b='] },
  { params: { gclid: 'x'.repeat(33) }, network: 'Google Ads', counted: ['gclid=…'] },
  {
    params: { fbclid: 'x'.repeat(32), a: '1' },
    network: 'Meta',
    counted: [`fbclid=${'x'.repeat(32)}`, 'a=1'],
  },
  { params: { constructor: 'y' }, network: null, counted: ['constructor=y'] },
];

const tenBytes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => Buffer.from(bytes));
const maybe = <T>(values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

/** A click at one of these times, with values from short lists, so that filters find some. */
export const clickAt = (epochMs: fc.Arbitrary<number>): fc.Arbitrary<LoggedClick> =>
  fc
    .record({
      ms: epochMs,
      bytes: tenBytes,
      link_id: fc.constantFrom(1, 2, 3, 10),
      country: maybe(['DE', 'US', 'FR']),
      platform: maybe(['desktop', 'ios', 'android']),
      browser: maybe(['Chrome', 'Safari', 'constructor']),
      bot: fc.option(fc.constantFrom('Googlebot', 'curl'), { nil: undefined, freq: 2 }),
      referer: maybe(Object.keys(REFERRERS)),
      isp: maybe(['Example AG', 'Other Ltd', '=1+1']),
      destination: maybe(['https://example.com/other', 'https://example.com/']),
      rule: maybe([1, 2]),
      utm: fc.record(Object.fromEntries(UTM_NAMES.map((name) => [name, maybe(['newsletter', 'spring'])]))),
      params: fc.constantFrom(...PARAMS).map(({ params }) => params),
    })
    .map(({ ms, bytes, utm, ...details }) => ({
      id: ulidOf(ms, bytes),
      timestamp: new Date(ms).toISOString().replace('Z', '000Z'),
      ...details,
      ...utm,
    })) as fc.Arbitrary<LoggedClick>;

/** What reports count a click as in a column: a value, or several of `top_params`. Does not use the code under test. */
export function countedAs(click: LoggedClick, column: Column): (string | null)[] {
  const known = PARAMS.find(({ params }) => JSON.stringify(params) === JSON.stringify(click.params));
  if (column === 'params') return known?.counted ?? [];
  if (column === 'ad_network') return [known?.network ?? null];
  if (column === 'referer') return [REFERRERS[click.referer ?? ''] ?? null];
  if (column === 'bot_name') return [click.bot ?? null];
  const value = click[column as keyof LoggedClick];
  return [value === undefined ? null : String(value)];
}

/** A click that differs from others only in what is given. */
export function loggedClick(epochMs: number, fields: Partial<LoggedClick> = {}): LoggedClick {
  const timestamp = new Date(epochMs).toISOString().replace('Z', '000Z');
  return { id: ulidOf(epochMs), timestamp, link_id: 1, ...fields };
}

/** The item of a click as deliver writes it. @param retentionDays counted from the click */
export function clickItem(click: LoggedClick, workspaceId = 1, retentionDays = 400): Item {
  const { id, link_id, ...details } = click;
  const message = { workspace_id: workspaceId, counted: true, payload: { click: { id } } };
  return {
    ...clickKey(message as never),
    token: 'A'.repeat(16),
    ttl: Math.floor((ulidTime(id) + retentionDays * DAY_MS) / 1_000),
    link_id,
    click: JSON.stringify(details),
  };
}
