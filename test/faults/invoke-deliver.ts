/**
 * Runs deliver's handler alone in this process, as Lambda would: once to warm it up, then with the batch under test.
 * Events are JSON on stdin, `[warmUp, batch]`. The results go to stderr as JSON.
 */
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { handler } from '../../lambdas/deliver/handler.ts';

/**
 * The resources that an invocation used, with sizes in bytes. `descriptors` is the most that were open, or -1 where
 * that cannot be measured.
 */
export type Seen = {
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
await handler(warmUp);
const startBytes = process.memoryUsage.rss();
let [mostBytes, descriptors] = [startBytes, 0];
const sample = setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  descriptors = Math.max(descriptors, openDescriptors());
}, SAMPLE_MS);
const startMs = performance.now();
const { batchItemFailures } = await handler(batch);
const durationMs = performance.now() - startMs;
clearInterval(sample);
const seen: Seen = { durationMs, startBytes, mostBytes, descriptors, failures: batchItemFailures.length };
process.stderr.write(`SEEN ${JSON.stringify(seen)}\n`);
process.exit(0);
