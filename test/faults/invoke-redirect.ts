/**
 * Passes clicks to the redirect's bundle one after the other, as Lambda does. Arguments: the bundle, the event as JSON,
 * and the number of clicks. The results go to stderr as JSON.
 */
import { createRequire } from 'node:module';

/** The response to one click, and how long it took. */
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
