import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { costOf, totalOf, type Usage } from './cost-of-clicks.ts';
import { batchRuns } from './deliver-run.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { clickRuns } from './redirect-run.ts';
import { benchLink, dynamoDbItem, hookItems } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const MILLION = 1_000_000;
const MEMORY_GB = 1;
const CLICKS = 100;

/**
 * The log lines that Lambda itself writes for an invocation: START, END and REPORT, 285 bytes with ordinary numbers.
 */
const LAMBDA_LOG = { bytes: 285, lines: 3 };
/** A line of the gateway's access log (lib/http-api.ts) with ordinary values. */
const ACCESS_LOG = {
  bytes: JSON.stringify({
    requestId: 'JKJaXmPLvHcESHA=',
    time: '01/Jan/2026:00:00:00 +0000',
    route: 'GET /{slug+}',
    status: '302',
    bytes: '0',
    latencyMs: '12',
    gatewayError: '-',
    integrationStatus: '200',
  }).length,
  lines: 1,
};
/** CloudWatch Logs counts 26 bytes for every line in addition to its text. */
const LINE_BYTES = 26;
/** X-Ray traces one invocation of a function each second, and five percent of the others. */
const TRACED_SHARE = 0.05;

type Seen = { tookMs: number; requests: Record<string, number>; logBytes: number; lines: number };

/** Invocations of deliver with `records` clicks of one link. Its webhooks respond after 100 ms. */
async function deliverSeen(
  bundle: string,
  receiver: Receiver,
  records: number,
  hooks: number,
  runs: number,
): Promise<Seen> {
  const urls = Array.from({ length: hooks }, (_, index) => receiver.url(`/slow/${index}`));
  const stub = await startAwsStub({
    delaysMs: DELAYS_MS,
    link: dynamoDbItem(benchLink()),
    hooks: hookItems(urls),
  });
  try {
    const seen = await batchRuns(bundle, stub, { records, hooks, warmUps: 0, runs });
    const counts = await stub.counts('counts');
    const requests = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / runs]));
    const tookMs = median(seen.runs.map((run) => run.tookMs));
    return { tookMs, requests, logBytes: seen.logBytes / runs, lines: seen.logLines / runs };
  } finally {
    stub.stop();
  }
}

async function redirectTookMs(bundle: string, runs: number): Promise<number> {
  const stub = await startAwsStub({ delaysMs: DELAYS_MS, link: dynamoDbItem(benchLink()), hooks: [] });
  const seen = await clickRuns(bundle, stub, { warmUps: CLICKS, runs, clicks: CLICKS });
  stub.stop();
  return median(seen.runs.map(({ latenciesMs }) => latenciesMs.reduce((sum, ms) => sum + ms, 0) / CLICKS));
}

const traces = (invocations: number, perSecond: number) =>
  perSecond <= 1 ? invocations : invocations * (1 / perSecond + TRACED_SHARE * (1 - 1 / perSecond));

const logged = ({ bytes, lines }: { bytes: number; lines: number }) => bytes + lines * LINE_BYTES;

/**
 * The resources that a million clicks use at a number of clicks per second, in batches of `records`. Lambda bills whole
 * milliseconds.
 */
function usageOf(redirectMs: number, deliver: Seen, records: number, clicksPerSecond: number): Usage {
  const batches = MILLION / records;
  const { Query = 0, GetItem = 0, PutItem = 0, UpdateItem = 0 } = deliver.requests;
  return {
    clicks: MILLION,
    deliverInvocations: batches,
    redirectGbSeconds: (MILLION * Math.ceil(redirectMs) * MEMORY_GB) / 1_000,
    deliverGbSeconds: (batches * Math.ceil(deliver.tookMs) * MEMORY_GB) / 1_000,
    // One send for each click; one receive and one delete for each batch.
    sqsRequests: MILLION + 2 * batches,
    // The link's read is eventually consistent, half a unit. Deliver's reads are consistent, a unit each.
    readUnits: MILLION * 0.5 + batches * (Query + GetItem),
    writeUnits: batches * (PutItem + UpdateItem),
    logBytes:
      MILLION * (logged(LAMBDA_LOG) + logged(ACCESS_LOG)) +
      batches * (logged(LAMBDA_LOG) + deliver.logBytes + deliver.lines * LINE_BYTES),
    traces: traces(MILLION, clicksPerSecond) + traces(batches, clicksPerSecond / records),
  };
}

const PACES = [
  { name: '100 clicks/s, batches of 10', clicksPerSecond: 100, records: 10 },
  { name: 'one click a minute, batches of 1', clicksPerSecond: 1 / 60, records: 1 },
];

/** The cost of a million clicks at two rates and with 0, 1 and 5 webhooks; one of them by service. */
export async function costs(bundles: Bundles, runs: number): Promise<Figure[]> {
  const receiver = await startReceiver();
  const figures: Figure[] = [];
  try {
    const redirectMs = await redirectTookMs(bundles.redirect, runs);
    for (const { name: pace, clicksPerSecond, records } of PACES) {
      for (const hooks of [0, 1, 5]) {
        const deliver = await deliverSeen(bundles.deliver, receiver, records, hooks, runs);
        const cost = costOf(usageOf(redirectMs, deliver, records, clicksPerSecond));
        const name = `A million clicks, ${hooks} ${hooks === 1 ? 'hook' : 'hooks'}, ${pace}`;
        const isTheGoals = hooks === 1 && records === 10;
        const total = { name, value: totalOf(cost), unit: 'USD' };
        figures.push(figure(isTheGoals ? { ...total, goal: { of: 'value', atMost: 3 } } : total));
        if (!isTheGoals) continue;
        const untraced = totalOf({ ...cost, 'X-Ray': 0 });
        figures.push(figure({ name: '… with `-c tracing=false`', value: untraced, unit: 'USD' }));
        for (const [service, value] of Object.entries(cost)) {
          figures.push(figure({ name: `… of which ${service}`, value, unit: 'USD' }));
        }
      }
    }
  } finally {
    receiver.stop();
  }
  return figures;
}
