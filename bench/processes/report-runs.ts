/** Asks for a report, as Lambda passes the call on. Argument: JSON of ReportRun. Each run is a warm call after the first. */
import { createRequire } from 'node:module';
import type { ReportRun, ReportSeen } from '../reports.ts';

const { path, counter, query, runs }: ReportRun = JSON.parse(process.argv[2] ?? '');
const { counters } = createRequire(import.meta.url)(`${path}/index.js`);

const event = (rawQueryString: string) => ({
  version: '2.0',
  rawPath: `/api/v1/workspace/1/clicks/counters/${counter}`,
  rawQueryString,
  headers: { authorization: 'Bearer ck_bench' },
  pathParameters: { workspace_id: '1', counter },
  requestContext: { requestId: 'bench', http: { method: 'GET' }, domainName: 'links.example.com' },
  isBase64Encoded: false,
});
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 };

// Loads and connects, without clicks.
await counters(event('start=2000-01-01&end=2000-01-01'), context);
for (let run = 0; run < runs; run++) {
  const startedAtMs = performance.now();
  const { statusCode, body } = await counters(event(query), context);
  const tookMs = performance.now() - startedAtMs;
  if (statusCode !== 200) throw new Error(body);
  const seen: ReportSeen = { tookMs, total: JSON.parse(body).total };
  process.send?.(seen);
}
process.exit();
