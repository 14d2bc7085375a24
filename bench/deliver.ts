import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { batchRuns } from './deliver-run.ts';
import { type Figure, figure, median } from './figure.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { benchLink, dynamoDbItem, hookItems } from './samples.ts';

const DELAYS_MS = { dynamoDb: 3, sqs: 5 };
const RECORDS = 10;
const HOOKS = 10;
const MANY_HOOKS = 25;
const WARM_UPS = 3;
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

async function throughput(bundle: string, receiver: Receiver, runs: number): Promise<Figure[]> {
  const stub = await stubWith(urls(receiver, MANY_HOOKS));
  const run = { records: RECORDS, hooks: MANY_HOOKS, warmUps: WARM_UPS, runs };
  const posts = RECORDS * MANY_HOOKS;
  try {
    const bareUrl = receiver.url('/hook/0');
    const ours = await batchRuns(bundle, stub, run);
    const bare = await batchRuns(bundle, stub, { ...run, bareUrl });
    const fresh = await batchRuns(bundle, stub, { ...run, bareUrl, freshSockets: true });
    const perCpuSecond = ({ runs: seen }: typeof ours) =>
      median(seen.map(({ cpuMs }) => posts / (cpuMs / 1_000)));
    const name = 'Deliver: deliveries per CPU second, 10 clicks × 25 webhooks';
    const value = perCpuSecond(ours);
    const unit = 'deliveries/s';
    return [
      figure({
        name,
        value,
        unit,
        reference: { name: "a bare loop of undici's Pool", value: perCpuSecond(bare) },
      }),
      figure({
        name,
        value,
        unit,
        reference: { name: 'the same loop with new sockets for each batch', value: perCpuSecond(fresh) },
        goal: { of: 'ratio', atLeast: LEAST_OF_FRESH_SOCKETS },
      }),
      figure({
        name: 'Deliver: an invocation of 10 clicks × 25 webhooks that answer at once',
        value: median(ours.runs.map(({ tookMs }) => tookMs)),
        unit: 'ms',
        reference: {
          name: 'the bare loop with new sockets',
          value: median(fresh.runs.map(({ tookMs }) => tookMs)),
        },
      }),
    ];
  } finally {
    stub.stop();
  }
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
