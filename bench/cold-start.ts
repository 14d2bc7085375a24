import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type AwsStub, startAwsStub, startAwsStubOverTls } from './aws-stub.ts';
import type { Bundles } from './bundles.ts';
import { type Figure, figure, type Goal, median } from './figure.ts';
import { benchLink, clickEvent, dynamoDbItem } from './samples.ts';

const FIRST_EVENT = fileURLToPath(new URL('processes/first-event.cjs', import.meta.url));
const EVENT = JSON.stringify(clickEvent());
const STUB = { delaysMs: { dynamoDb: 0, sqs: 0 }, link: dynamoDbItem(benchLink()), hooks: [] };

const MOST_TIMES_EMPTY = 2;
const MOST_OF_NAIVE = 0.7;
const MOST_CODE_KB = 110;

type Compared = 'redirect' | 'fullSdk' | 'naive' | 'empty';

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

/** The median of each bundle's cold starts. The bundles alternate. */
export async function alternating<Name extends string>(
  names: Name[],
  runs: number,
  start: (name: Name) => Promise<number>,
): Promise<Record<Name, number>> {
  const taken = names.map((name) => ({ name, times: [] as number[] }));
  // The first start of each reads files that are not in the file cache yet.
  for (let run = -1; run < runs; run++) {
    for (const { name, times } of taken) {
      const tookMs = await start(name);
      if (run >= 0) times.push(tookMs);
    }
  }
  return Object.fromEntries(taken.map(({ name, times }) => [name, median(times)])) as Record<Name, number>;
}

/** A cold start, compared with that of an empty handler. @param where ends the figure's name */
export const overEmpty = (
  where: string,
  { redirect, empty }: Record<'redirect' | 'empty', number>,
  goal: { goal?: Goal } = { goal: { of: 'ratio', atMost: MOST_TIMES_EMPTY } },
): Figure =>
  figure({
    name: `Cold start of the redirect${where}, from spawn to its first answer`,
    value: redirect,
    unit: 'ms',
    reference: { name: 'an empty handler', value: empty },
    ...goal,
  });

async function overPlainHttp(bundles: Bundles, runs: number): Promise<Figure[]> {
  const stub = await startAwsStub(STUB);
  try {
    const names: Compared[] = ['redirect', 'fullSdk', 'naive', 'empty'];
    const took = await alternating(names, runs, (name) => coldStart(bundles[name], stub));
    const name = 'Cold start of the redirect, from spawn to its first answer';
    const value = took.redirect;
    const unit = 'ms';
    return [
      overEmpty('', took),
      figure({
        name,
        value,
        unit,
        reference: { name: 'a naive bundle', value: took.naive },
        goal: { of: 'ratio', atMost: MOST_OF_NAIVE },
      }),
      figure({ name, value, unit, reference: { name: 'the same with the AWS SDK', value: took.fullSdk } }),
    ];
  } finally {
    stub.stop();
  }
}

async function overTls(bundles: Bundles, runs: number): Promise<Figure> {
  const stub = await startAwsStubOverTls(STUB);
  try {
    const took = await alternating(['redirect', 'empty'], runs, (name) => coldStart(bundles[name], stub));
    // Node's own modules for TLS and two handshakes are most of the difference, so no goal is set here.
    return overEmpty(' over TLS', took, {});
  } finally {
    stub.stop();
  }
}

/** The cold start of the redirect, compared with other handlers and bundles, and the size of its code. */
export async function coldStarts(bundles: Bundles, runs: number): Promise<Figure[]> {
  const kB = (bundle: string) => statSync(`${bundle}/index.js`).size / 1_000;
  return [
    ...(await overPlainHttp(bundles, runs)),
    await overTls(bundles, runs),
    figure({
      name: 'Code of the redirect',
      value: kB(bundles.redirect),
      unit: 'kB',
      reference: { name: 'a naive bundle', value: kB(bundles.naive) },
      goal: { of: 'value', atMost: MOST_CODE_KB },
    }),
  ];
}
