import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { type BatchSeen, batchRuns } from './deliver-run.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { benchLink, dynamoDbItem, hookItems } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const RECORDS = 10;
const HOOKS = 10;
const MANY_HOOKS = 25;
const WARM_UPS = 3;
const ROUNDS = 4;
const LEAST_OF_FRESH_SOCKETS = 0.6;

function urls(receiver: Receiver, hooks: number): string[] {
  return Array.from({ length: hooks }, (_, index) => receiver.url(`/hook/${index}`));
}

async function stubWith(hooks: string[]) {
  return startAwsStub({ delaysMs: DELAYS_MS, link: dynamoDbItem(benchLink()), hooks: hookItems(hooks) });
}

/**
 * Batches with one webhook that never responds. Each runs in its own process, so that the receiver can tell them apart.
 */
async function withHanging(bundle: string, receiver: Receiver, runs: number): Promise<Figure[]> {
  const hooks = [receiver.url('/hang'), ...urls(receiver, HOOKS - 1)];
  const stub = await stubWith(hooks);
  const tookMs: number[] = [];
  const othersMs: number[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      await receiver.seen();
      const once = { records: RECORDS, hooks: HOOKS, warmUps: 0, runs: 1 };
      const { runs: batches } = await batchRuns(bundle, stub, once);
      const { answered, lastAnsweredAtMs } = await receiver.seen();
      const [batch] = batches;
      if (!batch || answered !== RECORDS * (HOOKS - 1)) throw new Error(`The receiver had ${answered} posts`);
      tookMs.push(batch.tookMs);
      othersMs.push(lastAnsweredAtMs - batch.startedAt);
    }
  } finally {
    stub.stop();
  }
  return [
    figure({
      name: 'Deliver, cold: 10 clicks × 10 webhooks, one webhook hanging',
      value: median(tookMs) / 1_000,
      unit: 's',
      goal: { of: 'value', atMost: 5.3 },
    }),
    figure({
      name: 'The last delivery to a webhook that answers, from the start of the same invocation',
      value: median(othersMs),
      unit: 'ms',
      goal: { of: 'value', atMost: 500 },
    }),
  ];
}

/** Batches of deliver, of the bare loop, and of the bare loop with new sockets for each batch. */
type Compared = Record<'ours' | 'bare' | 'fresh', BatchSeen[]>;

/**
 * Runs batches of deliver and of the bare loops in turn, each time in new processes, so that a machine that is busy for
 * a while slows all of them down.
 */
async function inTurn(bundle: string, receiver: Receiver, runs: number): Promise<Compared> {
  const stub = await stubWith(urls(receiver, MANY_HOOKS));
  const bareUrl = receiver.url('/hook/0');
  const seen: Compared = { ours: [], bare: [], fresh: [] };
  const run = { records: RECORDS, hooks: MANY_HOOKS, warmUps: WARM_UPS, runs };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      seen.ours.push(...(await batchRuns(bundle, stub, run)).runs);
      seen.bare.push(...(await batchRuns(bundle, stub, { ...run, bareUrl })).runs);
      seen.fresh.push(...(await batchRuns(bundle, stub, { ...run, bareUrl, freshSockets: true })).runs);
    }
  } finally {
    stub.stop();
  }
  return seen;
}

/**
 * The CPU time of deliver's batches, as a multiple of that of the bare loop with new sockets. For the regression check.
 */
export async function cpuOverBareLoop({ deliver }: Bundles, runs: number): Promise<number> {
  const receiver = await startReceiver();
  try {
    const { ours, fresh } = await inTurn(deliver, receiver, runs);
    const cpuMs = (batches: BatchSeen[]) => median(batches.map((one) => one.cpuMs));
    return cpuMs(ours) / cpuMs(fresh);
  } finally {
    receiver.stop();
  }
}

async function throughput(bundle: string, receiver: Receiver, runs: number): Promise<Figure[]> {
  const seen = await inTurn(bundle, receiver, runs);
  const perCpuSecond = (batches: BatchSeen[]) =>
    median(batches.map(({ cpuMs }) => (RECORDS * MANY_HOOKS) / (cpuMs / 1_000)));
  const name = 'Deliver: deliveries per CPU second, 10 clicks × 25 webhooks';
  const value = perCpuSecond(seen.ours);
  const unit = 'deliveries/s';
  return [
    figure({
      name,
      value,
      unit,
      reference: { name: "a bare loop of undici's Pool", value: perCpuSecond(seen.bare) },
    }),
    figure({
      name,
      value,
      unit,
      reference: { name: 'the same loop with new sockets for each batch', value: perCpuSecond(seen.fresh) },
      goal: { of: 'ratio', atLeast: LEAST_OF_FRESH_SOCKETS },
    }),
    figure({
      name: 'Deliver: an invocation of 10 clicks × 25 webhooks that answer at once',
      value: median(seen.ours.map(({ tookMs }) => tookMs)),
      unit: 'ms',
      reference: {
        name: 'the bare loop with new sockets',
        value: median(seen.fresh.map(({ tookMs }) => tookMs)),
      },
    }),
  ];
}

/** Deliver with a hanging webhook, and the cost of its deliveries. */
export async function deliveries(bundles: Bundles, runs: number): Promise<Figure[]> {
  const receiver = await startReceiver();
  try {
    return [
      ...(await throughput(bundles.deliver, receiver, runs)),
      ...(await withHanging(bundles.deliver, receiver, runs)),
    ];
  } finally {
    receiver.stop();
  }
}
