import { visit } from './visit.ts';

/** A kind of visitor: what it sends with a click. */
export type Visitor = { name: string; query?: string; headers: Record<string, string> };

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36';
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0';
const EDGE = `${CHROME} Edg/125.0.0.0`;

/** Twelve kinds of visitors: phones, desktops, bots and programs that fetch previews. */
export const VISITORS: Visitor[] = [
  { name: 'phone', headers: { 'user-agent': IPHONE } },
  { name: 'phone from a social network', headers: { 'user-agent': PIXEL, referer: 'https://t.co/abc?x=1' } },
  { name: 'desktop', headers: { 'user-agent': CHROME, referer: 'https://News.example.com/a#b' } },
  {
    name: 'campaign',
    query: 'utm_source=letter&utm_medium=email&utm_term==1',
    headers: { 'user-agent': FIREFOX },
  },
  { name: 'advertisement', query: `fbclid=${'f'.repeat(60)}`, headers: { 'user-agent': IPHONE } },
  { name: 'repeated parameters', query: 'tag=a&tag=b&n=1', headers: { 'user-agent': EDGE } },
  {
    name: 'search engine',
    headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
  },
  { name: 'preview', headers: { 'user-agent': 'facebookexternalhit/1.1' } },
  {
    name: 'chat preview',
    headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
  },
  { name: 'program', query: 'utm_campaign=spring', headers: { 'user-agent': 'curl/8.5.0' } },
  {
    name: 'private',
    headers: { 'user-agent': FIREFOX, referer: 'https://secret.example.com/', 'sec-gpc': '1' },
  },
  { name: 'app', headers: { 'user-agent': PIXEL, referer: 'android-app://com.Example.App/' } },
];

/** Opens a link as a visitor, and returns the status. */
export async function visitAs({ query, headers }: Visitor, origin: string, path: string): Promise<number> {
  return (await visit(origin, query ? `${path}?${query}` : path, { headers })).status;
}

/** What reports count a received payload as, by counter. */
export function countedAs(payload: any, counter: string): (string | null)[] {
  const { link, click } = payload;
  const values: Record<string, string | null> = {
    link_id: String(link.id),
    country: click.country,
    platform: click.platform,
    browser: click.browser_name,
    browser_name: click.browser_name,
    bot_name: click.bot_name,
    isp: click.isp,
    destination: click.destination,
    referer: click.referer && (/^[\w-]+:\/\/([^/?#]+)/.exec(click.referer)?.[1]?.toLowerCase() ?? null),
    ad_network: 'fbclid' in click.params ? 'Meta' : null,
  };
  if (counter === 'top_params')
    return Object.entries<string | string[]>(click.params).flatMap(([name, all]) =>
      [all].flat().map((value) => `${name}=${value.length > 32 ? '…' : value}`),
    );
  if (counter.startsWith('utm_'))
    return [click.params[counter] ?? new URL(click.destination).searchParams.get(counter)];
  return [values[counter] ?? null];
}

/** Counts of payloads by a counter, as its answer has them, in the order of their values. */
export function countsOf(payloads: any[], counter: string): { value: string | null; count: number }[] {
  const counts = new Map<string | null, number>();
  for (const value of payloads.flatMap((payload) => countedAs(payload, counter)))
    counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort(byValue);
}

export const byValue = (one: { value: string | null }, other: { value: string | null }) =>
  `${one.value}` < `${other.value}` ? -1 : 1;
