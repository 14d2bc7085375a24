/**
 * Opens a short link over a number of connections for a number of seconds. Each connection starts the next click after
 * the last one.
 */
import { Pool } from 'undici';
import type { VisitorsRun, VisitorsSeen } from '../local-stack.ts';

const { origin, path, connections, seconds }: VisitorsRun = JSON.parse(process.argv[2] ?? '');
const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 10_000 });
const latenciesMs: number[] = [];
let failed = 0;

async function visit(endsAtMs: number): Promise<void> {
  while (performance.now() < endsAtMs) {
    const startedAtMs = performance.now();
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path });
      await body.dump();
      if (statusCode === 302) latenciesMs.push(performance.now() - startedAtMs);
      else failed += 1;
    } catch {
      failed += 1;
    }
  }
}

const startedAtMs = performance.now();
await Promise.all(Array.from({ length: connections }, () => visit(startedAtMs + seconds * 1_000)));
const tookMs = performance.now() - startedAtMs;
const seen: VisitorsSeen = { redirected: latenciesMs.length, failed, tookMs, latenciesMs };
process.send?.(seen);
await pool.destroy();
process.disconnect?.();
