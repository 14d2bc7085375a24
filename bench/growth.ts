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
function curve(points: { name: string; value: number; unit: string }[], firstName: string): Figure[] {
  const [first] = points;
  return points.map((point, index) =>
    figure(index === 0 || !first ? point : { ...point, reference: { name: firstName, value: first.value } }),
  );
}

async function byHooks(bundle: string, runs: number): Promise<Figure[]> {
  const receiver = await startReceiver();
  const times = [];
  const memory = [];
  try {
    for (const hooks of [1, 10, 25, 50]) {
      const urls = Array.from({ length: hooks }, (_, index) => receiver.url(`/hook/${index}`));
      const stub = await startAwsStub({
        delaysMs: NO_DELAYS,
        link: dynamoDbItem(benchLink()),
        hooks: hookItems(urls),
      });
      const { runs: batches } = await batchRuns(bundle, stub, { records: RECORDS, hooks, warmUps: 2, runs });
      stub.stop();
      const of = `${RECORDS} clicks × ${hooks} hook${hooks === 1 ? '' : 's'}`;
      times.push({
        name: `Growth: CPU of deliver, ${of}`,
        value: median(batches.map(({ cpuMs }) => cpuMs)),
        unit: 'ms',
      });
      memory.push({
        name: `Growth: memory of deliver, ${of}`,
        value: median(batches.map(({ rssBytes }) => rssBytes)) / MB,
        unit: 'MB',
      });
    }
  } finally {
    receiver.stop();
  }
  return [...curve(times, 'one hook'), ...curve(memory, 'one hook')];
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
  const points = [];
  for (const rules of [1, 10, 50, 100]) {
    const stub = await startAwsStub({
      delaysMs: NO_DELAYS,
      link: dynamoDbItem(linkWithRules(rules)),
      hooks: [],
    });
    const seen = await clickRuns(bundle, stub, { warmUps: WARM_UPS, runs, clicks: CLICKS });
    stub.stop();
    points.push({
      name: `Growth: CPU of a click, link with ${rules} rule${rules === 1 ? '' : 's'}`,
      value: cpuMs(seen.runs),
      unit: 'ms',
    });
  }
  return curve(points, 'one rule');
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

async function byLinks(bundle: string, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub({ delaysMs: NO_DELAYS, link: {}, hooks: [] });
  const units = [];
  const times = [];
  const memory = [];
  for (const links of [10, 1_000, 100_000, 1_000_000]) {
    const folder = await mkdtemp(join(tmpdir(), 'clickhook-links-'));
    const table = fork(MANY_LINKS, [folder, String(links)], { execArgv: [] });
    try {
      const [{ port }] = (await once(table, 'message', { signal: AbortSignal.timeout(FILL_MS) })) as [
        { port: number },
      ];
      const endpoint = `http://127.0.0.1:${port}`;
      const environment = { ...stub.environment, AWS_ENDPOINT_URL_DYNAMODB: endpoint };
      const seen = await clickRuns(
        bundle,
        { environment },
        { links, warmUps: WARM_UPS, runs, clicks: CLICKS },
      );
      const among = `${links.toLocaleString('en')} links`;
      units.push({
        name: `Growth: read of a redirect among ${among}`,
        value: await readUnits(endpoint),
        unit: 'read units',
      });
      times.push({ name: `Growth: CPU of a click among ${among}`, value: cpuMs(seen.runs), unit: 'ms' });
      memory.push({
        name: `Growth: memory of the redirect among ${among}`,
        value: rssMb(seen.runs),
        unit: 'MB',
      });
    } finally {
      const gone = once(table, 'exit');
      table.kill();
      await gone;
      await rm(folder, { recursive: true });
    }
  }
  stub.stop();
  return [units, times, memory].flatMap((points) => curve(points, '10 links'));
}

/** How time, memory and reads grow with webhooks, rules and links. */
export async function growth(bundles: Bundles, runs: number): Promise<Figure[]> {
  return [
    ...(await byHooks(bundles.deliver, runs)),
    ...(await byRules(bundles.redirect, runs)),
    ...(await byLinks(bundles.redirect, runs)),
  ];
}
