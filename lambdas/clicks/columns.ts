import type { ClickParams } from './click.ts';
import type { LoggedClick } from './log-entry.ts';

// Clicks as reports count them: a column for each counter. A column has the distinct values once, and for each click the
// index of its value. So a million clicks are counted without a million objects, and a day of clicks is a few bytes for
// each of them.

/** What clicks can be counted and filtered by. */
export const COLUMNS = [
  'link_id',
  'country',
  'platform',
  'browser',
  'bot_name',
  'referer',
  'isp',
  'destination',
  'rule',
  'ad_network',
  'params',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
] as const;
export type Column = (typeof COLUMNS)[number];

/** The distinct values of a column, and the index of each click's value. */
type Values = { values: (string | null)[]; indexes: ArrayLike<number> };

/** A step of time zones: every offset from UTC is a multiple of it. */
export const STEP_MS = 15 * 60 * 1_000;
export const DAY_MS = 24 * 60 * 60 * 1_000;

/** Clicks of one day (UTC). `day` counts from 1970; `steps` has the quarter of an hour of each click, from 0 to 95. */
export type DayClicks = {
  day: number;
  steps: ArrayLike<number>;
  columns: Record<Column, Values>;
};

/** Parameters that advertising networks add to links, and the network (their own documentation names them). */
const AD_PARAMETERS: Record<string, string> = {
  gclid: 'Google Ads',
  gbraid: 'Google Ads',
  wbraid: 'Google Ads',
  dclid: 'Google Marketing Platform',
  fbclid: 'Meta',
  msclkid: 'Microsoft Advertising',
  ttclid: 'TikTok',
  twclid: 'X',
  li_fat_id: 'LinkedIn',
  epik: 'Pinterest',
  ScCid: 'Snapchat',
  rdt_cid: 'Reddit',
  yclid: 'Yandex',
};

/** Longer values are mostly ids of single clicks. All of one parameter are counted together. */
const MOST_COUNTED_LENGTH = 32;

/** A parameter as `top_params` counts it. */
function countedParam(name: string, value: string): string {
  return value.length > MOST_COUNTED_LENGTH ? `${name}=…` : `${name}=${value}`;
}

const countedParams = (params: ClickParams) =>
  Object.entries(params).flatMap(([name, values]) =>
    [values].flat().map((value) => countedParam(name, value)),
  );

/** Hosts of referrers that were seen, because parsing a URL takes longer than all else that is done for a click. */
const hosts = new Map<string, string | null>();
const MOST_HOSTS = 10_000;

/** The host of a referrer in lower case. It can also be an app: `android-app://com.example`. */
function hostOf(referer: string): string | null {
  const known = hosts.get(referer);
  if (known !== undefined) return known;
  const host = (URL.canParse(referer) && new URL(referer).host.toLowerCase()) || null;
  if (hosts.size === MOST_HOSTS) hosts.clear();
  hosts.set(referer, host);
  return host;
}

function adNetwork(params: ClickParams | undefined): string | null {
  for (const name in params) {
    if (Object.hasOwn(AD_PARAMETERS, name)) return AD_PARAMETERS[name] ?? null;
  }
  return null;
}

/**
 * The destination of a click that went to the link's own URL. The log does not repeat that URL in each click, so reports
 * look it up. No URL begins with this character.
 */
const OWN_URL = '=';
/** The id of the link whose URL a value of the column `destination` stands for; undefined for a URL. */
export const linkOfDestination = (value: string) => (value.startsWith(OWN_URL) ? value.slice(1) : undefined);

/** What a click has in each column. */
const READ: Record<Column, (click: LoggedClick) => string | null> = {
  link_id: ({ link_id }) => String(link_id),
  country: ({ country = null }) => country,
  platform: ({ platform = null }) => platform,
  browser: ({ browser = null }) => browser,
  bot_name: ({ bot = null }) => bot,
  referer: ({ referer }) => (referer === undefined ? null : hostOf(referer)),
  isp: ({ isp = null }) => isp,
  destination: ({ destination, link_id }) => destination ?? `${OWN_URL}${link_id}`,
  rule: ({ rule }) => (rule === undefined ? null : String(rule)),
  ad_network: ({ params }) => adNetwork(params),
  params: ({ params }) => (params === undefined ? null : JSON.stringify(countedParams(params))),
  utm_source: ({ utm_source = null }) => utm_source,
  utm_medium: ({ utm_medium = null }) => utm_medium,
  utm_campaign: ({ utm_campaign = null }) => utm_campaign,
  utm_term: ({ utm_term = null }) => utm_term,
  utm_content: ({ utm_content = null }) => utm_content,
};

/** The value of a click in a column. */
export const valueIn = (column: Column, click: LoggedClick) => READ[column](click);

/** Collects the values of a column. */
class ColumnBuilder {
  readonly values: (string | null)[] = [];
  readonly indexes: number[] = [];
  private readonly known = new Map<string | null, number>();
  private readonly read: (click: LoggedClick) => string | null;

  constructor(column: Column) {
    this.read = READ[column];
  }

  add(click: LoggedClick): void {
    const value = this.read(click);
    let index = this.known.get(value);
    if (index === undefined) {
      index = this.values.push(value) - 1;
      this.known.set(value, index);
    }
    this.indexes.push(index);
  }
}

/** Collects the clicks of a day. */
export class DayBuilder {
  readonly day: number;
  private readonly steps: number[] = [];
  private readonly columns = COLUMNS.map((column) => new ColumnBuilder(column));

  constructor(day: number) {
    this.day = day;
  }

  get count(): number {
    return this.steps.length;
  }

  /** @param step the quarter of an hour, from 0 to 95 */
  add(step: number, click: LoggedClick): void {
    this.steps.push(step);
    for (const column of this.columns) column.add(click);
  }

  clicks(): DayClicks {
    const columns = this.columns.map(({ values, indexes }, at) => [COLUMNS[at], { values, indexes }]);
    return { day: this.day, steps: this.steps, columns: Object.fromEntries(columns) };
  }
}
