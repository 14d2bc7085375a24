/**
 * Passes batches of clicks to deliver's bundle, one invocation after the other. Arguments: the bundle, and JSON of
 * DeliverRun. For comparison it also runs a bare loop: the same requests from an undici pool, without egress rules,
 * claim, logs and table.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { Pool } from 'undici';
import type { BatchSeen, DeliverRun } from '../deliver-run.ts';
import { batchEvent } from '../samples.ts';

const [bundle = '', settings = ''] = process.argv.slice(2);
const {
  bareUrl,
  freshSockets = false,
  records,
  links,
  hooks,
  warmUps,
  runs,
}: DeliverRun = JSON.parse(settings);

function bareBatches(url: string): () => Promise<void> {
  const { origin, pathname } = new URL(url);
  const newPool = () => new Pool(origin, { connections: records * hooks, pipelining: 1 });
  const payload = JSON.stringify(JSON.parse(batchEvent(1).Records[0]?.body ?? '').payload);
  const headers = { 'content-type': 'application/json', 'user-agent': 'Clickhook/0.0.0' };
  let pool = newPool();
  const post = async () => {
    const { body } = await pool.request({ method: 'POST', path: pathname, headers, body: payload });
    await body.dump();
  };
  return async () => {
    await Promise.all(Array.from({ length: records * hooks }, post));
    if (!freshSockets) return;
    await pool.destroy();
    pool = newPool();
  };
}

const { handler } = createRequire(import.meta.url)(bundle);
const batch = bareUrl
  ? bareBatches(bareUrl)
  : () => handler(batchEvent(records, links), { awsRequestId: randomUUID() });

async function run(): Promise<BatchSeen> {
  const cpu = process.cpuUsage();
  const startedAt = Date.now();
  const startedAtMs = performance.now();
  await batch();
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpu);
  return { startedAt, tookMs, cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
}

for (let index = 0; index < warmUps; index++) await batch();
for (let index = 0; index < runs; index++) process.send?.(await run());
process.exit();
