import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type LocalFunction, localFunction } from '../../local/functions.ts';

// A function that does what its event says. `running` counts simultaneous events in one thread.
const SOURCE = `
let running = 0;
exports.handler = async (event, context) => {
  const worker = require('node:worker_threads').threadId;
  running++;
  try {
    if (event.exit) process.exit(3);
    if (event.throws) throw new TypeError(event.throws);
    if (event.hangs) await new Promise(() => setInterval(() => undefined, 1000));
    if (event.bytes) return 'x'.repeat(event.bytes);
    await new Promise(setImmediate);
    return { worker, running, variable: process.env.VARIABLE, left: context.getRemainingTimeInMillis() > 0, id: context.awsRequestId };
  } finally { running--; }
};`;

let bundle: string;
const started: LocalFunction[] = [];
const logged: string[] = [];

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'clickhook-bundle-'));
  await writeFile(join(bundle, 'index.js'), SOURCE);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.close()));
  logged.length = 0;
});

afterAll(() => rm(bundle, { recursive: true }));

function start(changes: object = {}): LocalFunction {
  const one = localFunction(
    {
      name: 'Test',
      bundle,
      handler: 'index.handler',
      timeoutMs: 5_000,
      memoryMb: 128,
      environment: { VARIABLE: 'set' },
      maxWorkers: 2,
      fedByQueue: false,
      logsMetrics: false,
      ...changes,
    },
    (line) => logged.push(line),
  );
  started.push(one);
  return one;
}

const answered = async (result: Promise<unknown>) => ((await result) as { value: any }).value;

test('a function sees its own environment and a Lambda context', async () => {
  expect(await answered(start().invoke({}))).toMatchObject({
    variable: 'set',
    left: true,
    id: expect.stringMatching(/-/),
  });
});

test('a worker handles one event at a time and stays warm, and there are never more than the limit', async () => {
  const one = start();
  const values = await Promise.all(Array.from({ length: 12 }, () => answered(one.invoke({}))));
  expect(new Set(values.map(({ worker }) => worker)).size).toBe(2);
  expect(values.every(({ running }) => running === 1)).toBe(true);
});

test('an event beyond the timeout is ended with an error, and the next one gets a new worker', async () => {
  const one = start({ timeoutMs: 2_000, maxWorkers: 1 });
  const hanging = one.invoke({ hangs: true });
  const next = one.invoke({});
  expect(await hanging).toEqual({
    error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 2.00 seconds' },
  });
  expect(await answered(next)).toMatchObject({ running: 1 });
  expect(logged).toContain('Test: Sandbox.Timedout: Task timed out after 2.00 seconds');
});

test('the time to load a bundle does not count against the timeout', async () => {
  const slow = await mkdtemp(join(tmpdir(), 'clickhook-bundle-'));
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);';
  await writeFile(join(slow, 'index.js'), `${wait}${SOURCE}`);
  const one = start({ bundle: slow, timeoutMs: 2_000, maxWorkers: 1 });
  expect(await answered(one.invoke({}))).toMatchObject({ running: 1, left: true });
  await rm(slow, { recursive: true });
});

test('a worker that exits is reported as an error and replaced', async () => {
  const one = start({ maxWorkers: 1 });
  expect(await one.invoke({ exit: true })).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  expect(await answered(one.invoke({}))).toMatchObject({ running: 1 });
});

test('a thrown error is reported as one, and its worker continues', async () => {
  const one = start({ maxWorkers: 1 });
  const { worker } = await answered(one.invoke({}));
  expect(await one.invoke({ throws: 'no' })).toMatchObject({
    error: { errorType: 'TypeError', errorMessage: 'no' },
  });
  expect((await answered(one.invoke({}))).worker).toBe(worker);
});

test('a response over 6 MB is an error', async () => {
  expect(await start().invoke({ bytes: 6 * 1024 * 1024 })).toMatchObject({
    error: { errorType: 'Function.ResponseSizeTooLarge' },
  });
});

test('a bundle that does not load is an error, and no event waits forever', async () => {
  const one = start({ handler: 'missing.handler', maxWorkers: 1 });
  expect(await one.invoke({})).toMatchObject({ error: { errorMessage: expect.stringContaining('missing') } });
  expect(await one.invoke({})).toMatchObject({ error: { errorMessage: expect.stringContaining('missing') } });
});
