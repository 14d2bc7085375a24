/**
 * Hands clicks to the redirect's bundle one after the other, as Lambda does. Arguments: the bundle, and the event as
 * JSON, and how often. What was seen goes to stderr as JSON.
 */
import { createRequire } from 'node:module';

/** What one click was answered with, and how long that took. */
export type ClickResult = { status: number; durationMs: number };

const [bundle = '', event = '', times = ''] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(bundle);
const seen: ClickResult[] = [];
for (let index = 0; index < Number(times); index++) {
  const startMs = performance.now();
  const { statusCode } = await handler(JSON.parse(event));
  seen.push({ status: statusCode, durationMs: performance.now() - startMs });
}
process.stderr.write(`SEEN ${JSON.stringify(seen)}\n`);
process.exit(0);
