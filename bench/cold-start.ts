import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type AwsStub, startAwsStub } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { type Figure, figure, median } from './figure.ts';
import { benchLink, clickEvent, dynamoDbItem } from './samples.ts';

const FIRST_EVENT = fileURLToPath(new URL('processes/first-event.cjs', import.meta.url));
const EVENT = JSON.stringify(clickEvent());

/** Milliseconds from the start of a new process until the bundle has answered its first event. */
async function coldStart(bundle: string, stub: AwsStub): Promise<number> {
  const env = { ...stub.environment, LAMBDA_TASK_ROOT: bundle };
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [FIRST_EVENT, bundle, EVENT], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const whole = text(child.stdout);
  await once(child.stdout, 'readable');
  const tookMs = performance.now() - startedAtMs;
  const [answer] = await Promise.all([whole, exited]);
  if (answer !== '302 https://example.com/landing-page') {
    throw new Error(`A bundle did not redirect its first event: ${answer || 'no answer'}`);
  }
  return tookMs;
}

/** The cold start of the redirect, compared with an empty handler's and a naive bundle's. The runs alternate. */
export async function coldStarts(bundles: Bundles, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub({
    delaysMs: { dynamoDb: 0, sqs: 0 },
    link: dynamoDbItem(benchLink()),
    hooks: [],
  });
  const taken = { redirect: [] as number[], naive: [] as number[], empty: [] as number[] };
  try {
    // The first start of each reads files that are not in the file cache yet.
    for (let run = -1; run < runs; run++) {
      for (const [name, times] of Object.entries(taken)) {
        const tookMs = await coldStart(bundles[name as keyof typeof taken], stub);
        if (run >= 0) times.push(tookMs);
      }
    }
  } finally {
    stub.stop();
  }
  const beside = (name: 'empty' | 'naive', what: string, atMost: number) =>
    figure({
      name: 'Cold start of the redirect, from spawn to its first answer',
      value: median(taken.redirect),
      unit: 'ms',
      reference: { name: what, value: median(taken[name]) },
      goal: { of: 'ratio', atMost },
    });
  return [
    beside('empty', 'an empty handler', 3),
    beside('naive', 'a naive bundle', 0.7),
    figure({
      name: 'Code of the redirect',
      value: statSync(`${bundles.redirect}/index.js`).size / 1_000,
      unit: 'kB',
      reference: { name: 'a naive bundle', value: statSync(`${bundles.naive}/index.js`).size / 1_000 },
    }),
  ];
}
