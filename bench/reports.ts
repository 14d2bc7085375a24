import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { logItem } from '../lambdas/clicks/log-entry.ts';
import type { Bundles } from './bundles.ts';
import { type Figure, figure, median } from './figure.ts';
import prices from './prices.json' with { type: 'json' };
import { runsOf } from './processes.ts';
import { sampleMessage } from './samples.ts';

/** The task of a process that stands in for the clicks table: how many clicks of 30 days, and how long a request takes. */
export type ClickLogSettings = { clicks: number; delayMs: number };
export type ClickLogRequest = 'units-and-reset' | 'forget-summaries';
/** The task of a process that asks for a report. */
export type ReportRun = { path: string; counter: string; query: string; runs: number };
export type ReportSeen = { tookMs: number; total: number };

const LOG = fileURLToPath(new URL('processes/click-log.ts', import.meta.url));
const REPORTS = new URL('processes/report-runs.ts', import.meta.url);
/** A page of up to 1 MB. */
const DELAY_MS = 10;
const MILLION = 1_000_000;
const SIZES = [10_000, 100_000, MILLION];
const FILL_MS = 300_000;

type Goal = { seconds?: number; dollars?: number };
const GOALS: Record<string, Goal> = {
  'with summaries 1000000': { seconds: 2, dollars: 0.001 },
  'without summaries 10000': { seconds: 0.3 },
};

type Measured = { tookMs: number; units: number };

function figuresOf(clicks: number, how: string, { tookMs, units }: Measured): Figure[] {
  const name = `Report of ${clicks.toLocaleString('en')} clicks in 30 days, ${how}`;
  const { seconds, dollars } = GOALS[`${how} ${clicks}`] ?? {};
  const goal = (atMost: number | undefined) => (atMost ? { goal: { of: 'value' as const, atMost } } : {});
  return [
    figure({ name, value: tookMs / 1_000, unit: 's', ...goal(seconds) }),
    figure({ name: `${name}: read units`, value: units, unit: 'units' }),
    figure({
      name: `${name}: price`,
      value: (units / MILLION) * prices.dynamoDbPerMillionReadUnits,
      unit: 'USD',
      ...goal(dollars),
    }),
  ];
}

/** Reports over a log of this size, first without summaries and then with those that the first has stored. */
async function reportsOf(bundle: string, clicks: number, runs: number): Promise<Figure[]> {
  const settings: ClickLogSettings = { clicks, delayMs: DELAY_MS };
  const log = fork(LOG, [JSON.stringify(settings)], { execArgv: [] });
  const ask = async (request: ClickLogRequest): Promise<number> => {
    const answered = once(log, 'message');
    log.send(request);
    return (await answered)[0];
  };
  try {
    const started = await once(log, 'message', { signal: AbortSignal.timeout(FILL_MS) });
    const [{ port, start, end }] = started as [{ port: number; start: string; end: string }];
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
      CLICKHOOK_TABLE_NAME: 'Main',
      CLICKHOOK_CLICKS_TABLE_NAME: 'Clicks',
      CLICKHOOK_BASE_URL: 'https://links.example.com',
    };
    const run = async (times: number): Promise<Measured> => {
      await ask('units-and-reset');
      const task: ReportRun = {
        path: bundle,
        counter: 'country',
        query: `start=${start}&end=${end}`,
        runs: times,
      };
      const { runs: seen } = await runsOf<ReportSeen>(REPORTS, [JSON.stringify(task)], env, times);
      if (seen.some(({ total }) => total !== clicks))
        throw new Error(`A report counted ${seen[0]?.total} of ${clicks} clicks`);
      return {
        tookMs: median(seen.map(({ tookMs }) => tookMs)),
        units: (await ask('units-and-reset')) / times,
      };
    };
    const without: Measured[] = [];
    for (let index = 0; index < runs; index++) {
      await ask('forget-summaries');
      without.push(await run(1));
    }
    const first = {
      tookMs: median(without.map(({ tookMs }) => tookMs)),
      units: median(without.map(({ units }) => units)),
    };
    return [
      ...figuresOf(clicks, 'without summaries', first),
      ...figuresOf(clicks, 'with summaries', await run(runs)),
    ];
  } finally {
    log.disconnect();
  }
}

/** The write units of a click's entry: one for each started kilobyte of the item. */
function writeUnits(): number {
  const item = logItem(sampleMessage(), 'x'.repeat(16), 1_800_000_000);
  const bytes = Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)),
    0,
  );
  return Math.ceil(bytes / 1_024);
}

/** Reports over logs of several sizes, and what the log costs per click. */
export async function reports(bundles: Bundles, runs: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const clicks of SIZES)
    figures.push(...(await reportsOf(bundles.clicks, clicks, clicks === MILLION ? 3 : runs)));
  const price = prices.dynamoDbPerMillionWriteUnits * writeUnits();
  return [
    ...figures,
    figure({
      name: 'The log: writes of a million clicks',
      value: price,
      unit: 'USD',
      goal: { of: 'value', atMost: 0.625 },
    }),
  ];
}
