import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runs } from '../../full-runs.ts';
import { COUNTS, clientOf, createTables, THINGS } from './engine.ts';

const ROUNDS = runs(15, 4);
/** Simultaneous transactions, each with its own items. */
const LANES = 6;
/** The more items a transaction has, the more likely a crash happens in the middle of it. */
const ITEMS = 12;

/** Starts the embedded engine in its own process, and prints its address. */
const SCRIPT = `
  import { startEngine } from './local/engines.ts';
  const warn = (line) => console.error(line);
  const engine = await startEngine('dynamodb', { dataFolder: process.argv[1], warn });
  console.log(engine.url);
`;

let folder: string;
let child: ChildProcess | undefined;

async function startProcess(): Promise<DynamoDBDocument> {
  const args = ['--input-type=module', '--eval', SCRIPT, folder];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('the engine has no output');
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return clientOf(String(url));
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clickhook-crash-'));
});

afterEach(async () => {
  await kill();
  await rm(folder, { recursive: true, force: true });
});

const items = (lane: number) =>
  Array.from({ length: ITEMS }, (_, index) =>
    index % 2
      ? { TableName: COUNTS, Key: { pk: `${lane}-${index}` } }
      : { TableName: THINGS, Key: { pk: `${lane}-${index}`, sk: 'a' } },
  );

/** Writes one number to all items of a lane. At the same time every item moves in the index. */
const writeAll = (client: DynamoDBDocument, lane: number, n: number) =>
  client.transactWrite({
    ClientRequestToken: `${lane}-${n}`,
    TransactItems: items(lane).map(({ TableName, Key }) => ({
      Put: {
        TableName,
        Item: { ...Key, n, gsi1pk: `lane-${lane}`, gsi1sk: String(n), fill: 'x'.repeat(500) },
      },
    })),
  });

async function readAll(client: DynamoDBDocument, lane: number): Promise<number[]> {
  const stored = await Promise.all(items(lane).map((item) => client.get(item)));
  const { Items = [] } = await client.query({
    TableName: THINGS,
    IndexName: 'byOwner',
    KeyConditionExpression: 'gsi1pk = :lane',
    ExpressionAttributeValues: { ':lane': `lane-${lane}` },
  });
  const numbers = [...stored.map(({ Item }) => Item?.n ?? 0), ...Items.map(({ n }) => n)];
  if (numbers.some((n) => n > 0)) expect(Items).toHaveLength(ITEMS / 2);
  return numbers;
}

test('kill -9 leaves every transaction whole or not at all, and keeps those that were confirmed', async () => {
  let client = await startProcess();
  await createTables(client);
  const answered = Array<number>(LANES).fill(0);
  const next = Array<number>(LANES).fill(1);
  for (let round = 0; round < ROUNDS; round += 1) {
    // The crash happens at a random response, while the other lanes are in the middle of their transactions.
    let untilKill = 1 + Math.floor(Math.random() * 40);
    const lane = async (index: number) => {
      for (;;) {
        const n = next[index] as number;
        next[index] = n + 1;
        await writeAll(client, index, n);
        answered[index] = n;
        untilKill -= 1;
        if (untilKill === 0) await kill();
      }
    };
    await Promise.allSettled(Array.from({ length: LANES }, (_, index) => lane(index)));
    client.destroy();
    client = await startProcess();
    for (let index = 0; index < LANES; index += 1) {
      const [n = 0, ...others] = await readAll(client, index);
      expect(new Set([n, ...others])).toEqual(new Set([n]));
      const last = (next[index] as number) - 1;
      expect([answered[index], last]).toContain(n);
      // Its token was stored with it: the same request gets the same response, and another one is rejected.
      if (n > 0) await writeAll(client, index, n);
    }
  }
  client.destroy();
});
