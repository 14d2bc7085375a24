import { type AwsStub, startAwsStub, startAwsStubOverTls } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { type Figure, figure, median, percentile } from './figure.ts';
import { type ClicksSeen, clickRuns, type RedirectRun } from './redirect-run.ts';
import { benchLink, dynamoDbItem } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const CLICKS = 300;
const WARM_UPS = 500;
const MB = 1_000_000;
const STUB = { delaysMs: DELAYS_MS, link: dynamoDbItem(benchLink()), hooks: [] };

/** A click may take this much longer than its two requests alone. */
const MOST_ABOVE_BARE_MS = 0.6;
const MOST_CPU_TIMES_BARE = 2.7;
/** Memory that the redirect has to save, compared with the AWS SDK. */
const LESS_MEMORY_MB = 50;

const aboveDelaysMs = (runs: ClicksSeen[], share: number) =>
  median(runs.map(({ latenciesMs }) => percentile(latenciesMs, share))) - DELAYS_MS.dynamoDb - DELAYS_MS.sqs;
const cpuPerClickMs = (runs: ClicksSeen[]) => median(runs.map(({ cpuMs }) => cpuMs / CLICKS));
const rssMb = (runs: ClicksSeen[]) => median(runs.map(({ rssBytes }) => rssBytes)) / MB;

/**
 * Latency and CPU time of clicks, compared with the same two requests from Node's own client, without the function.
 * `over` ends the names of the figures.
 */
function comparedWithBare(over: string, ours: ClicksSeen[], bare: ClicksSeen[]): Figure[] {
  const beside = 'the bare requests';
  const latency = (name: string, share: number, goal?: { of: 'difference'; atMost: number }) =>
    figure({
      name: `Warm redirect${over} above the delays of table and queue, ${name}`,
      value: aboveDelaysMs(ours, share),
      unit: 'ms',
      reference: { name: beside, value: aboveDelaysMs(bare, share) },
      ...(goal ? { goal } : {}),
    });
  return [
    latency('p50', 0.5, { of: 'difference', atMost: MOST_ABOVE_BARE_MS }),
    latency('p99', 0.99),
    figure({
      name: `CPU of a click in the redirect${over}`,
      value: cpuPerClickMs(ours),
      unit: 'ms',
      reference: { name: beside, value: cpuPerClickMs(bare) },
      goal: { of: 'ratio', atMost: MOST_CPU_TIMES_BARE },
    }),
  ];
}

/** In how many parts the runs of each bundle are. They take turns, because a machine changes from minute to minute. */
const TURNS = 3;

type Seen = { runs: ClicksSeen[]; logBytes: number };

/** Runs of each, in turns. */
async function inTurns<Name extends string>(
  runs: number,
  of: Record<Name, (run: RedirectRun) => Promise<Seen>>,
): Promise<Record<Name, Seen>> {
  const names = Object.keys(of) as Name[];
  const run = { warmUps: WARM_UPS, runs: Math.ceil(runs / TURNS), clicks: CLICKS };
  const seen = Object.fromEntries(
    names.map((name) => [name, { runs: [], logBytes: 0 }]),
  ) as unknown as Record<Name, Seen>;
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of names) {
      const part = await of[name](run);
      seen[name].runs.push(...part.runs);
      seen[name].logBytes += part.logBytes;
    }
  }
  return seen;
}

async function overPlainHttp(bundles: Bundles, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub(STUB);
  let [GetItem, SendMessage] = [0, 0];
  try {
    const { bare, full, ours } = await inTurns(runs, {
      bare: (run) => clickRuns(bundles.redirect, stub, { ...run, bare: true }),
      full: (run) => clickRuns(bundles.fullSdk, stub, run),
      ours: async (run) => {
        await stub.counts('counts-and-reset');
        const seen = await clickRuns(bundles.redirect, stub, run);
        const counts = await stub.counts('counts-and-reset');
        GetItem += counts.GetItem ?? 0;
        SendMessage += counts.SendMessage ?? 0;
        return seen;
      },
    });
    const clicks = ours.runs.length * CLICKS + TURNS * WARM_UPS;
    const perClick = (name: string, value: number, atMost: number) =>
      figure({
        name: `${name} requests of a click`,
        value: value / clicks,
        unit: 'requests',
        goal: { of: 'value', atMost },
      });
    return [
      ...comparedWithBare('', ours.runs, bare.runs),
      figure({
        name: 'CPU of a click in the redirect',
        value: cpuPerClickMs(ours.runs),
        unit: 'ms',
        reference: { name: 'the same with the AWS SDK', value: cpuPerClickMs(full.runs) },
      }),
      figure({
        name: `Memory of the redirect after ${(clicks / TURNS).toLocaleString('en')} clicks`,
        value: rssMb(ours.runs),
        unit: 'MB',
        reference: { name: 'the same with the AWS SDK', value: rssMb(full.runs) },
        goal: { of: 'difference', atMost: -LESS_MEMORY_MB },
      }),
      // Slightly more than one: the settings of the workspace are read at its first click and when they are 30 s old.
      perClick('DynamoDB', GetItem, 1.01),
      perClick('SQS', SendMessage, 1),
      figure({ name: 'Log of a click in the redirect', value: ours.logBytes / clicks, unit: 'bytes' }),
    ];
  } finally {
    stub.stop();
  }
}

async function overTls(bundles: Bundles, runs: number): Promise<Figure[]> {
  const stub: AwsStub = await startAwsStubOverTls(STUB);
  try {
    const { bare, ours } = await inTurns(runs, {
      bare: (run) => clickRuns(bundles.redirect, stub, { ...run, bare: true }),
      ours: (run) => clickRuns(bundles.redirect, stub, run),
    });
    return comparedWithBare(' over TLS', ours.runs, bare.runs);
  } finally {
    stub.stop();
  }
}

/** Clicks in a warm function, over plain HTTP and over TLS. */
export async function warmRedirects(bundles: Bundles, runs: number): Promise<Figure[]> {
  return [...(await overPlainHttp(bundles, runs)), ...(await overTls(bundles, runs))];
}
