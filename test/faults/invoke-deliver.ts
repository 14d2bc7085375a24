/**
 * Runs deliver's handler alone in this process, as Lambda would: once to warm it up, then with the batch under test.
 * Events are JSON on stdin, `[warmUp, batch]`. Without a warm-up (null), the function is cold. The results go to stderr
 * as JSON.
 */
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { handler } from '../../lambdas/deliver/handler.ts';

/**
 * When an invocation started (`Date.now()`), and the resources that it used, with sizes in bytes. `descriptors` is the most that were open, or -1 where
 * that cannot be measured.
 */
export type Seen = {
  startedAt: number;
  durationMs: number;
  startBytes: number;
  mostBytes: number;
  descriptors: number;
  failures: number;
};

const SAMPLE_MS = 10;

function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return -1;
  }
}

const [warmUp, batch] = JSON.parse(await text(process.stdin));
if (warmUp) await handler(warmUp);
const startBytes = process.memoryUsage.rss();
let [mostBytes, descriptors] = [startBytes, 0];
const sample = setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  descriptors = Math.max(descriptors, openDescriptors());
}, SAMPLE_MS);
const startedAt = Date.now();
const startMs = performance.now();
const { batchItemFailures } = await handler(batch);
const durationMs = performance.now() - startMs;
clearInterval(sample);
const failures = batchItemFailures.length;
const seen: Seen = { startedAt, durationMs, startBytes, mostBytes, descriptors, failures };
process.stderr.write(`SEEN ${JSON.stringify(seen)}\n`);
process.exit(0);
