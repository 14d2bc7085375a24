import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Link } from '../lambdas/links/link.ts';
import { partition, sort } from '../lambdas/table.ts';
import { startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { batchRuns } from './deliver-run.ts';
import { type Figure, figure, median } from './figure.ts';
import { CURVES, type Curve, firstPoint, pointName } from './growth-curves.ts';
import { startReceiver } from './receiver.ts';
import { type ClicksSeen, clickRuns } from './redirect-run.ts';
import { benchLink, dynamoDbItem, hookItems } from './samples.ts';

const NO_DELAYS = { dynamoDb: 0, sqs: 0 };
const CLICKS = 200;
const WARM_UPS = 300;
const RECORDS = 10;
const MB = 1_000_000;
/** If a table is not full by then, something is broken. */
const FILL_MS = 300_000;

/** The figures of a curve, each compared with its first point. */
function figuresOf(curve: Curve, values: number[]): Figure[] {
  const [first = Number.NaN] = values;
  return values.map((value, index) => {
    const point = { name: pointName(curve, curve.counts[index] ?? 0), value, unit: curve.unit };
    return figure(index === 0 ? point : { ...point, reference: { name: firstPoint(curve), value: first } });
  });
}

async function byHooks(bundle: string, runs: number): Promise<Figure[]> {
  const receiver = await startReceiver();
  const cpu: number[] = [];
  const memory: number[] = [];
  try {
    for (const hooks of CURVES.deliverCpu.counts) {
      const urls = Array.from({ length: hooks }, (_, index) => receiver.url(`/hook/${index}`));
      const stub = await startAwsStub({
        delaysMs: NO_DELAYS,
        link: dynamoDbItem(benchLink()),
        hooks: hookItems(urls),
      });
      const { runs: batches } = await batchRuns(bundle, stub, { records: RECORDS, hooks, warmUps: 2, runs });
      stub.stop();
      cpu.push(median(batches.map(({ cpuMs }) => cpuMs)));
      memory.push(median(batches.map(({ rssBytes }) => rssBytes)) / MB);
    }
  } finally {
    receiver.stop();
  }
  return [...figuresOf(CURVES.deliverCpu, cpu), ...figuresOf(CURVES.deliverMemory, memory)];
}

/** Rules that are all checked, because none of them matches. */
function linkWithRules(rules: number): Link {
  const rule = (index: number) => ({
    what: 'country',
    matches: 'FR',
    url: `https://example.com/fr/${index}`,
  });
  return benchLink({ rules: Array.from({ length: rules }, (_, index) => rule(index)) });
}

const cpuMs = (runs: ClicksSeen[]) => median(runs.map((seen) => seen.cpuMs / CLICKS));
const rssMb = (runs: ClicksSeen[]) => median(runs.map(({ rssBytes }) => rssBytes)) / MB;

async function byRules(bundle: string, runs: number): Promise<Figure[]> {
  const cpu: number[] = [];
  for (const rules of CURVES.rulesCpu.counts) {
    const stub = await startAwsStub({
      delaysMs: NO_DELAYS,
      link: dynamoDbItem(linkWithRules(rules)),
      hooks: [],
    });
    const seen = await clickRuns(bundle, stub, { warmUps: WARM_UPS, runs, clicks: CLICKS });
    stub.stop();
    cpu.push(cpuMs(seen.runs));
  }
  return figuresOf(CURVES.rulesCpu, cpu);
}

const MANY_LINKS = fileURLToPath(new URL('processes/many-links.ts', import.meta.url));

/** The capacity that DynamoDB reports for reading one link. */
async function readUnits(endpoint: string): Promise<number> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const Key = { pk: { S: partition.slug(null, '/link-3') }, sk: { S: sort.link } };
  const { Item, ConsumedCapacity } = await client.send(
    new GetItemCommand({ TableName: 'Main', Key, ReturnConsumedCapacity: 'TOTAL' }),
  );
  client.destroy();
  if (!Item) throw new Error('The table does not contain its links');
  return ConsumedCapacity?.CapacityUnits ?? Number.NaN;
}

/** The redirect among this many links, in a table of its own. */
async function amongLinks(bundle: string, environment: Record<string, string>, links: number, runs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-links-'));
  const table = fork(MANY_LINKS, [folder, String(links)], { execArgv: [] });
  try {
    const [{ port }] = (await once(table, 'message', { signal: AbortSignal.timeout(FILL_MS) })) as [
      { port: number },
    ];
    const endpoint = `http://127.0.0.1:${port}`;
    const toTable = { environment: { ...environment, AWS_ENDPOINT_URL_DYNAMODB: endpoint } };
    const seen = await clickRuns(bundle, toTable, { links, warmUps: WARM_UPS, runs, clicks: CLICKS });
    return { units: await readUnits(endpoint), cpu: cpuMs(seen.runs), memory: rssMb(seen.runs) };
  } finally {
    const gone = once(table, 'exit');
    table.kill();
    await gone;
    await rm(folder, { recursive: true });
  }
}

async function byLinks(bundle: string, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub({ delaysMs: NO_DELAYS, link: {}, hooks: [] });
  const points = [];
  for (const links of CURVES.linksCpu.counts) {
    points.push(await amongLinks(bundle, stub.environment, links, runs));
  }
  stub.stop();
  return [
    ...figuresOf(
      CURVES.linksRead,
      points.map(({ units }) => units),
    ),
    ...figuresOf(
      CURVES.linksCpu,
      points.map(({ cpu }) => cpu),
    ),
    ...figuresOf(
      CURVES.linksMemory,
      points.map(({ memory }) => memory),
    ),
  ];
}

/** How time, memory and reads grow with webhooks, rules and links. */
export async function growth(bundles: Bundles, runs: number): Promise<Figure[]> {
  return [
    ...(await byHooks(bundles.deliver, runs)),
    ...(await byRules(bundles.redirect, runs)),
    ...(await byLinks(bundles.redirect, runs)),
  ];
}
