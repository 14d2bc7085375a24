/**
 * The regression check of CI: counts and ratios, which are the same on any machine, but no times. Exits with code 1 and
 * a sentence for each limit that is exceeded.
 */
import { statSync } from 'node:fs';
import { startAwsStub } from './aws-stub.ts';
import { type Bundles, makeBundles } from './bundles.ts';
import { coldStarts } from './cold-start.ts';
import { cpuOverBareLoop } from './deliver.ts';
import { clickRuns } from './redirect-run.ts';
import { benchLink, dynamoDbItem } from './samples.ts';

/**
 * A cold start takes at most this many times as long as an empty handler's, and at most this share of a naive bundle's.
 * Measured: 1.9 and 0.39.
 */
const MOST_TIMES_EMPTY = 3;
const MOST_OF_NAIVE = 0.65;
const COLD_RUNS = 15;
/** Bytes of the code, a tenth above the current size. */
const MOST_BYTES = { redirect: 58_000, deliver: 357_000 };
/** The CPU time of deliver, as a multiple of that of a bare loop that opens as many sockets. Measured: 1.3 to 1.4. */
const MOST_TIMES_BARE_LOOP = 1.8;
const DELIVER_RUNS = 15;
const CLICKS = 200;

type Finding = { what: string; value: number; most: number };

async function requestsOfClicks(bundles: Bundles): Promise<Finding[]> {
  const stub = await startAwsStub({
    delaysMs: { dynamoDb: 0, sqs: 0 },
    link: dynamoDbItem(benchLink()),
    hooks: [],
  });
  await clickRuns(bundles.redirect, stub, { warmUps: 0, runs: 1, clicks: CLICKS });
  const { GetItem = 0, SendMessage = 0, ...others } = await stub.counts('counts');
  stub.stop();
  const further = Object.values(others).reduce((sum, count) => sum + count, 0);
  return [
    // One more read: the settings of the workspace, at its first click.
    { what: `DynamoDB reads of ${CLICKS} clicks`, value: GetItem, most: CLICKS + 1 },
    { what: `SQS sends of ${CLICKS} clicks`, value: SendMessage, most: CLICKS },
    { what: 'other requests of clicks', value: further, most: 0 },
  ];
}

function sizes(bundles: Bundles): Finding[] {
  return (['redirect', 'deliver'] as const).map((name) => ({
    what: `bytes of the code of ${name}`,
    value: statSync(`${bundles[name]}/index.js`).size,
    most: MOST_BYTES[name],
  }));
}

async function coldStartRatios(bundles: Bundles): Promise<Finding[]> {
  const [overEmpty, ofNaive] = await coldStarts(bundles, COLD_RUNS);
  return [
    { what: 'cold start over an empty handler', value: overEmpty?.ratio ?? Infinity, most: MOST_TIMES_EMPTY },
    { what: 'cold start over a naive bundle', value: ofNaive?.ratio ?? Infinity, most: MOST_OF_NAIVE },
  ];
}

async function deliverRatio(bundles: Bundles): Promise<Finding> {
  const value = Number((await cpuOverBareLoop(bundles, DELIVER_RUNS)).toPrecision(3));
  return { what: 'CPU time of deliver over a bare loop with new sockets', value, most: MOST_TIMES_BARE_LOOP };
}

const bundles = await makeBundles();
try {
  const findings = [
    ...sizes(bundles),
    ...(await requestsOfClicks(bundles)),
    ...(await coldStartRatios(bundles)),
    await deliverRatio(bundles),
  ];
  for (const { what, value, most } of findings) {
    const holds = value <= most;
    process.stdout.write(`${holds ? 'ok' : 'NOT OK'}: ${what}: ${value}, at most ${most}\n`);
    if (!holds) process.exitCode = 1;
  }
} finally {
  await bundles.remove();
}
