import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { type Figure, figure, median, percentile } from './figure.ts';
import { type ClicksSeen, clickRuns } from './redirect-run.ts';
import { benchLink, dynamoDbItem } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const CLICKS = 300;
const WARM_UPS = 500;

const aboveDelaysMs = (runs: ClicksSeen[], share: number) =>
  median(runs.map(({ latenciesMs }) => percentile(latenciesMs, share))) - DELAYS_MS.dynamoDb - DELAYS_MS.sqs;

const cpuPerClickMs = (runs: ClicksSeen[]) => median(runs.map(({ cpuMs }) => cpuMs / CLICKS));

/**
 * Clicks in a warm function, compared with the same two requests from Node's own client without the function and the
 * SDK.
 */
export async function warmRedirects(bundles: Bundles, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub({ delaysMs: DELAYS_MS, link: dynamoDbItem(benchLink()), hooks: [] });
  try {
    const run = { warmUps: WARM_UPS, runs, clicks: CLICKS };
    const bare = await clickRuns(bundles.redirect, stub, { ...run, bare: true });
    await stub.counts('counts-and-reset');
    const ours = await clickRuns(bundles.redirect, stub, run);
    const { GetItem = 0, SendMessage = 0 } = await stub.counts('counts-and-reset');
    const clicks = runs * CLICKS + WARM_UPS;
    const beside = 'the bare requests';
    const latency = (name: string, share: number, atMost: number) =>
      figure({
        name: `Warm redirect above the delays of table and queue, ${name}`,
        value: aboveDelaysMs(ours.runs, share),
        unit: 'ms',
        reference: { name: beside, value: aboveDelaysMs(bare.runs, share) },
        goal: { of: 'value', atMost },
      });
    return [
      latency('p50', 0.5, 1),
      latency('p99', 0.99, 4),
      figure({
        name: 'CPU of a click in the redirect',
        value: cpuPerClickMs(ours.runs),
        unit: 'ms',
        reference: { name: beside, value: cpuPerClickMs(bare.runs) },
      }),
      // Slightly more than one: the settings of the workspace are read at its first click and when they are 30 s old.
      figure({
        name: 'DynamoDB requests of a click',
        value: GetItem / clicks,
        unit: 'requests',
        goal: { of: 'value', atMost: 1.01 },
      }),
      figure({
        name: 'SQS requests of a click',
        value: SendMessage / clicks,
        unit: 'requests',
        goal: { of: 'value', atMost: 1 },
      }),
      figure({ name: 'Log of a click in the redirect', value: ours.logBytes / clicks, unit: 'bytes' }),
    ];
  } finally {
    stub.stop();
  }
}
