import { CLICK_MEMORY_MB } from '../lib/click-path.ts';
import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import {
  CASES,
  type Case,
  caseName,
  costOf,
  OPTION_NAMES,
  serviceName,
  totalOf,
  type Usage,
} from './cost-of-clicks.ts';
import { batchRuns } from './deliver-run.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { clickRuns } from './redirect-run.ts';
import { benchLink, dynamoDbItem, hookItems } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const MILLION = 1_000_000;
const CLICKS = 100;
/** Batches before those that are measured. At this rate a function instance handles thousands. */
const WARM_UPS = 30;
const MOST_DOLLARS = 2.8;

/** A line of the gateway's access log (lib/http-api.ts) with ordinary values. It is off by default. */
const ACCESS_LOG = JSON.stringify({
  requestId: 'JKJaXmPLvHcESHA=',
  time: '01/Jan/2026:00:00:00 +0000',
  route: 'GET /{slug+}',
  status: '302',
  bytes: '0',
  latencyMs: '12',
  gatewayError: '-',
  integrationStatus: '200',
});
/** CloudWatch Logs counts 26 bytes for every line in addition to its text. */
const LINE_BYTES = 26;
/** X-Ray traces one invocation of a function each second, and five percent of the others. */
const TRACED_SHARE = 0.05;
const TRACED_CLICKS_PER_SECOND = 100;

type Seen = { tookMs: number; requests: Record<string, number>; logBytes: number };

/** Invocations of deliver with the clicks of a case. Its webhooks respond after 100 ms, each on a separate host. */
async function deliverSeen(bundle: string, receivers: Receiver[], of: Case, runs: number): Promise<Seen> {
  const urls = receivers.slice(0, of.hooks).map((receiver) => receiver.url('/slow/0'));
  const stub = await startAwsStub({
    delaysMs: DELAYS_MS,
    link: dynamoDbItem(benchLink()),
    hooks: hookItems(urls),
  });
  try {
    const seen = await batchRuns(bundle, stub, { ...of, warmUps: WARM_UPS, runs });
    const batches = WARM_UPS + runs;
    const counts = await stub.counts('counts');
    const requests = Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, count / batches]),
    );
    const tookMs = median(seen.runs.map((run) => run.tookMs));
    return { tookMs, requests, logBytes: (seen.logBytes + seen.logLines * LINE_BYTES) / batches };
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

/** What Lambda bills: whole milliseconds, times the memory that the function has. */
const gbSeconds = (invocations: number, tookMs: number, memoryMb: number) =>
  (invocations * Math.ceil(tookMs) * memoryMb) / (1_000 * 1_024);

/** The resources that a million clicks use in batches of `records`. */
function usageOf(redirectMs: number, deliver: Seen, records: number): Usage {
  const batches = MILLION / records;
  const { Query = 0, GetItem = 0, PutItem = 0, UpdateItem = 0 } = deliver.requests;
  return {
    clicks: MILLION,
    deliverInvocations: batches,
    redirectGbSeconds: gbSeconds(MILLION, redirectMs, CLICK_MEMORY_MB.redirect),
    deliverGbSeconds: gbSeconds(batches, deliver.tookMs, CLICK_MEMORY_MB.deliver),
    // One send for each click; one receive and one delete for each batch.
    sqsRequests: MILLION + 2 * batches,
    // The link's read is eventually consistent, half a unit. Deliver's reads are consistent, a unit each.
    readUnits: MILLION * 0.5 + batches * (Query + GetItem),
    writeUnits: batches * (PutItem + UpdateItem),
    // Lambda itself writes no line about an invocation that succeeds, and a redirect writes none either.
    logBytes: batches * deliver.logBytes,
    traces: 0,
  };
}

/** A case's price. That of the goal comes with the price of options, and with the part of each service. */
function figuresOf(of: Case, usage: Usage): Figure[] {
  const cost = costOf(usage);
  const total = { name: caseName(of), value: totalOf(cost), unit: 'USD' };
  if (of !== CASES[0]) return [figure(total)];
  const batches = usage.deliverInvocations;
  const perSecond = TRACED_CLICKS_PER_SECOND;
  const traced = traces(MILLION, perSecond) + traces(batches, perSecond / of.records);
  const logged = usage.logBytes + MILLION * (ACCESS_LOG.length + LINE_BYTES);
  const priced = (name: string, changed: Partial<Usage>) =>
    figure({ name, value: totalOf(costOf({ ...usage, ...changed })), unit: 'USD' });
  return [
    figure({ ...total, goal: { of: 'value', atMost: MOST_DOLLARS } }),
    ...Object.entries(cost)
      .filter(([, value]) => value > 0)
      .map(([service, value]) => figure({ name: serviceName(service), value, unit: 'USD' })),
    priced(OPTION_NAMES.tracing, { traces: traced }),
    priced(OPTION_NAMES.accessLog, { logBytes: logged }),
  ];
}

/** The cost of a million clicks, in each case. */
export async function costs(bundles: Bundles, runs: number): Promise<Figure[]> {
  const most = Math.max(...CASES.map(({ hooks }) => hooks));
  const receivers = await Promise.all(Array.from({ length: most }, startReceiver));
  const figures: Figure[] = [];
  try {
    const redirectMs = await redirectTookMs(bundles.redirect, runs);
    for (const of of CASES) {
      const deliver = await deliverSeen(bundles.deliver, receivers, of, runs);
      process.stderr.write(
        `${caseName(of)}: redirect ${redirectMs.toFixed(2)} ms, deliver ${deliver.tookMs.toFixed(1)} ms, log ${deliver.logBytes.toFixed(0)} bytes a batch\n`,
      );
      figures.push(...figuresOf(of, usageOf(redirectMs, deliver, of.records)));
    }
  } finally {
    for (const receiver of receivers) receiver.stop();
  }
  return figures;
}
