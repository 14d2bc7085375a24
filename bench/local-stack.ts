import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../lib/bundles/options.ts';
import { type Figure, figure, median, percentile } from './figure.ts';
import { runsOf } from './processes.ts';

export type VisitorsRun = { origin: string; path: string; connections: number; seconds: number };
export type VisitorsSeen = { redirected: number; failed: number; tookMs: number; latenciesMs: number[] };

const VISITORS = new URL('processes/visitors.ts', import.meta.url);
const CONNECTIONS = 64;
const SECONDS = 4;
const READY = /Clickhook is ready at http:\/\/localhost:(\d+)/;
const KEY = { authorization: 'Bearer ck_local' };
/** Starts take seconds of both cores, so they are repeated less often. */
const FRESH_STARTS = 3;

type Started = { origin: string; tookMs: number; stop: () => Promise<void> };

/** Starts a local stack that keeps nothing, in a folder of the project, and waits until it is ready. */
async function start(root: string): Promise<Started> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['bin/local.ts', '--memory'], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const port = READY.exec(line)?.[1];
    if (!port) continue;
    const stop = async () => {
      child.kill();
      await exited;
    };
    return { origin: `http://127.0.0.1:${port}`, tookMs: performance.now() - startedAtMs, stop };
  }
  throw new Error('The local stack did not start. Run `npm start` to see why.');
}

/**
 * The number of clicks of the link /hello that deliver has counted. Asks until the number stays the same, because
 * counts arrive late.
 */
async function clicksCounted(origin: string, wanted: number): Promise<number> {
  const read = async () => {
    const answer = await fetch(`${origin}/api/v1/workspace/1/list_links?search=/hello`, { headers: KEY });
    const { links } = (await answer.json()) as { links: { clicks_total: number }[] };
    return links[0]?.clicks_total ?? 0;
  };
  for (let before = -1, counted = await read(); ; before = counted, counted = await read()) {
    if (counted >= wanted || counted === before) return counted;
    await delay(2_000);
  }
}

async function clicksPerSecond(runs: number): Promise<Figure[]> {
  const stack = await start(ROOT);
  const seen: VisitorsSeen[] = [];
  try {
    const run: VisitorsRun = {
      origin: stack.origin,
      path: '/hello',
      connections: CONNECTIONS,
      seconds: SECONDS,
    };
    let redirected = 0;
    for (let index = 0; index < runs; index++) {
      const { runs: visits } = await runsOf<VisitorsSeen>(VISITORS, [JSON.stringify(run)], {}, 1);
      seen.push(...visits);
      redirected += visits[0]?.redirected ?? 0;
      // Waits until every click is recorded before the next run, so that no run has leftover work of the previous one.
      const counted = await clicksCounted(stack.origin, redirected);
      if (counted !== redirected)
        throw new Error(`${redirected} clicks were redirected and ${counted} counted`);
    }
  } finally {
    await stack.stop();
  }
  const failed = seen.reduce((sum, visits) => sum + visits.failed, 0);
  return [
    figure({
      name: 'Local stack: clicks per second at 64 connections, each recorded and delivered',
      value: median(seen.map(({ redirected, tookMs }) => redirected / (tookMs / 1_000))),
      unit: 'clicks/s',
      goal: { of: 'value', atLeast: 360 },
    }),
    figure({
      name: 'Local stack: p99 of such a click',
      value: median(seen.map(({ latenciesMs }) => percentile(latenciesMs, 0.99))),
      unit: 'ms',
    }),
    figure({
      name: 'Local stack: clicks without a redirect',
      value: failed,
      unit: 'clicks',
      goal: { of: 'value', atMost: 0 },
    }),
  ];
}

/** A copy of the project without the files that runs create, like a fresh clone after `npm ci`. */
async function freshCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'clickhook-fresh-'));
  const left = new Set(['node_modules', 'cdk.out', '.local', '.git'].map((name) => join(ROOT, name)));
  await cp(ROOT, copy, { recursive: true, filter: (source) => !left.has(source) });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function startTimes(runs: number): Promise<Figure[]> {
  const first: number[] = [];
  const later: number[] = [];
  for (let run = 0; run < FRESH_STARTS; run++) {
    const copy = await freshCopy();
    const repeats = Math.ceil(runs / FRESH_STARTS);
    for (let repeat = -1; repeat < repeats; repeat++) {
      const { tookMs, stop } = await start(copy);
      await stop();
      (repeat < 0 ? first : later).push(tookMs / 1_000);
    }
    await rm(copy, { recursive: true });
  }
  const goal = { of: 'value', atMost: 8 } as const;
  return [
    figure({
      name: `First \`npm start\` to ready (${FRESH_STARTS} runs)`,
      value: median(first),
      unit: 's',
      goal,
    }),
    figure({ name: 'Later `npm start` to ready', value: median(later), unit: 's', goal }),
  ];
}

/** The local stack as a whole: the rate of clicks, and the time that it takes to start. */
export async function localStack(runs: number): Promise<Figure[]> {
  return [...(await startTimes(runs)), ...(await clicksPerSecond(runs))];
}

/** The duration of `npm test`, measured once, because it is not a figure of the product. */
export async function testTime(): Promise<Figure[]> {
  const startedAtMs = performance.now();
  const child = spawn('npm', ['test'], { cwd: ROOT, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('`npm test` failed, so its duration is not comparable');
  const value = (performance.now() - startedAtMs) / 1_000;
  return [figure({ name: '`npm test` (1 run)', value, unit: 's', goal: { of: 'value', atMost: 90 } })];
}
