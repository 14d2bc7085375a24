import { beforeEach, jest } from '@jest/globals';
import { bucketsOf, spanOf } from '../../../lambdas/clicks/buckets.ts';
import type { Column } from '../../../lambdas/clicks/columns.ts';
import { countersFold, type Filter, seriesFold, together } from '../../../lambdas/clicks/fold.ts';
import { Budget, clicksTable } from '../../../lambdas/clicks/log.ts';
import type { LoggedClick } from '../../../lambdas/clicks/log-entry.ts';
import { readClicks } from '../../../lambdas/clicks/read-clicks.ts';
import { type EngineTable, engineTable } from '../engine-table.ts';
import { clickItem, DAY_MS, loggedClick } from './random-clicks.ts';

/** The time of all tests of reports, at first. */
export const NOW = Date.UTC(2026, 6, 15, 12);
export const TODAY = Date.UTC(2026, 6, 15);

export const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Clicks on a day before today, evenly spread. */
export const clicksOn = (
  daysAgo: number,
  total: number,
  fields: (at: number) => Partial<LoggedClick> = () => ({}),
) =>
  Array.from({ length: total }, (_, at) =>
    loggedClick(TODAY - daysAgo * DAY_MS + Math.floor((at * DAY_MS) / total), fields(at)),
  );

/** A budget that no test spends. */
export const large = () => new Budget(60_000, 1e9);

/** Values and counts by value. */
export const byValue = (counts: Map<string | null, number>) =>
  [...counts].sort(([a], [b]) => (`${a}` < `${b}` ? -1 : 1));

/** Clicks by day and by a column, and the time from which they were read. */
export async function report(
  start: string,
  end: string,
  {
    workspaceId = 1,
    timeZone = 'UTC',
    filter = { bots: 'include', columns: {} } as Filter,
    column = 'link_id' as Column,
    budget = large(),
  } = {},
) {
  const span = spanOf(start, end, timeZone);
  const fold = together({
    days: seriesFold(span, bucketsOf(span, 'day'), filter),
    values: countersFold(span, column, filter),
  });
  const readFromMs = await readClicks(workspaceId, span, budget, fold.add);
  const { days, values } = fold.result();
  return { span, readFromMs, days: [...days], values: byValue(values) };
}

/** Runs something before each request of the clicks table that matches. */
export function beforeRequest(matches: (input: any) => boolean, run: () => Promise<unknown>): void {
  const { client } = clicksTable();
  const send = client.send.bind(client) as (...sent: any[]) => Promise<unknown>;
  jest.spyOn(client, 'send').mockImplementation((async (command: any, ...rest: any[]) => {
    if (matches(command.input)) await run();
    return send(command, ...rest);
  }) as never);
}

/** The clicks table in the engine, at a time that a test can change. */
export class ClickLog {
  readonly table: EngineTable = engineTable();
  nowMs = NOW;

  constructor() {
    beforeEach(() => {
      this.nowMs = NOW;
      jest.spyOn(Date, 'now').mockImplementation(() => this.nowMs);
    });
  }

  async write(clicks: LoggedClick[], workspaceId = 1, retentionDays?: number): Promise<void> {
    const items = clicks.map((click) => clickItem(click, workspaceId, retentionDays));
    await this.table.putAll(items, 'clicks');
  }

  /** The stored parts of summaries. */
  async summaries() {
    const items = await this.table.all('clicks');
    return items.filter(({ pk, sk }) => pk.startsWith('DAYS#') && sk !== 'ERASURES');
  }

  /** The days that have a summary, as `DAYS#1 2026-07-12`. */
  async summarisedDays(): Promise<string[]> {
    return [...new Set((await this.summaries()).map(({ pk, sk }) => `${pk} ${sk.slice(0, 10)}`))];
  }

  async deleteSummaries(): Promise<void> {
    for (const item of await this.summaries()) await this.table.remove(item, 'clicks');
  }
}
