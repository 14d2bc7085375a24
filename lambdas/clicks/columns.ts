import type { ClickParams } from './click.ts';
import { type LoggedClick, UTM_NAMES } from './log-entry.ts';

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
  ...UTM_NAMES,
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

/** The host of a referrer in lower case. It can also be an app: `android-app://com.example`. */
function hostOf(referer: string | undefined): string | null {
  return (referer !== undefined && URL.canParse(referer) && new URL(referer).host.toLowerCase()) || null;
}

/**
 * The destination of a click that went to the link's own URL. The log does not repeat that URL in each click, so reports
 * look it up. No URL begins with this character.
 */
const OWN_URL = '=';
/** The id of the link whose URL a value of the column `destination` stands for; undefined for a URL. */
export const linkOfDestination = (value: string) => (value.startsWith(OWN_URL) ? value.slice(1) : undefined);

/** What a click has in each column. */
export function rowOf(click: LoggedClick): Record<Column, string | null> {
  const { params = {} } = click;
  const names = Object.keys(params);
  const utm = UTM_NAMES.map((name) => [name, click[name] ?? null]);
  return {
    link_id: String(click.link_id),
    country: click.country ?? null,
    platform: click.platform ?? null,
    browser: click.browser ?? null,
    bot_name: click.bot ?? null,
    referer: hostOf(click.referer),
    isp: click.isp ?? null,
    destination: click.destination ?? `${OWN_URL}${click.link_id}`,
    rule: click.rule === undefined ? null : String(click.rule),
    ad_network: Object.entries(AD_PARAMETERS).find(([name]) => names.includes(name))?.[1] ?? null,
    params: names.length > 0 ? JSON.stringify(countedParams(params)) : null,
    ...Object.fromEntries(utm),
  };
}

/** Collects the clicks of a day. */
export class DayBuilder {
  readonly day: number;
  private readonly steps: number[] = [];
  private readonly columns = COLUMNS.map((name) => ({
    name,
    known: new Map<string | null, number>(),
    indexes: [] as number[],
  }));

  constructor(day: number) {
    this.day = day;
  }

  get count(): number {
    return this.steps.length;
  }

  /** @param step the quarter of an hour, from 0 to 95 */
  add(step: number, click: LoggedClick): void {
    const row = rowOf(click);
    this.steps.push(step);
    for (const { name, known, indexes } of this.columns) {
      const value = row[name];
      const index = known.get(value) ?? known.size;
      if (index === known.size) known.set(value, index);
      indexes.push(index);
    }
  }

  clicks(): DayClicks {
    const columns = this.columns.map(({ name, known, indexes }) => [
      name,
      { values: [...known.keys()], indexes },
    ]);
    return { day: this.day, steps: this.steps, columns: Object.fromEntries(columns) };
  }
}
