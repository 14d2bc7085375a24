import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';

/** A function as the template describes it, resolved. */
export type FunctionDefinition = {
  name: string;
  /** Folder of the bundle. */
  bundle: string;
  /** `module.export`, such as `index.handler`. */
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** The most workers at a time. As in Lambda, each handles one event at a time. */
  maxWorkers: number;
  /** Whether a queue feeds the function, so that no caller waits for its responses. */
  fedByQueue: boolean;
  /** Whether metric lines (EMF) are logged too. */
  logsMetrics: boolean;
};

export type WorkerStart = {
  bundle: string;
  module: string;
  exported: string;
  functionName: string;
  memoryMb: number;
  /** Whether other functions have priority when the machine is busy. */
  waits: boolean;
};
export type WorkerRequest = { requestId: string; event: string; deadlineEpochMs: number };
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };
/** What a worker says once, when its bundle is loaded. */
export type WorkerReady = { ready: true };
export type WorkerReply = { result: string } | { error: FunctionError };

/** The result of an invocation: the handler's value, or the error that ended it. */
export type InvocationResult = { value: unknown } | { error: FunctionError };

/** A function that runs in threads of this process. */
export type LocalFunction = {
  name: string;
  invoke: (event: unknown) => Promise<InvocationResult>;
  close: () => Promise<void>;
};

/**
 * How long a bundle may take to load. As in Lambda, this does not count against the function's timeout, but the limit
 * is higher for slower machines.
 */
const LOAD_TIMEOUT_MS = 120_000;
const MAX_RESULT_BYTES = 6 * 1024 * 1024;

/** Passes function logs on unchanged. Metric lines, which are meant for CloudWatch, are passed on only if requested. */
function forwardLog(
  stream: Readable,
  { name, logsMetrics }: FunctionDefinition,
  log: (line: string) => void,
): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (logsMetrics || !line.includes('"_aws"')) log(`${name}: ${line}`);
  });
}

function startWorker(definition: FunctionDefinition, log: (line: string) => void): FunctionWorker {
  const dot = definition.handler.lastIndexOf('.');
  const start: WorkerStart = {
    bundle: definition.bundle,
    module: definition.handler.slice(0, dot),
    exported: definition.handler.slice(dot + 1),
    functionName: definition.name,
    memoryMb: definition.memoryMb,
    waits: definition.fedByQueue,
  };
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), {
    workerData: start,
    env: definition.environment,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.setMaxListeners(0);
  forwardLog(worker.stdout, definition, log);
  forwardLog(worker.stderr, definition, log);
  const loaded = new Promise<WorkerReady>((resolve) => worker.once('message', resolve));
  return { worker, loaded };
}

/** A thread of a function, and a promise that resolves when it has loaded the bundle. */
type FunctionWorker = { worker: Worker; loaded: Promise<WorkerReady> };

/**
 * Runs one event in a worker. The timeout starts when the bundle is loaded.
 * @returns the result and whether the worker can take another event
 */
function runIn(
  { worker, loaded }: FunctionWorker,
  { timeoutMs }: FunctionDefinition,
  event: string,
): Promise<{ reply: WorkerReply; alive: boolean }> {
  const requestId = randomUUID();
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (reply: WorkerReply, alive: boolean) => {
      isOver = true;
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve({ reply, alive });
    };
    const fail = (errorType: string, errorMessage: string) =>
      finish({ error: { errorType, errorMessage } }, false);
    const onMessage = (reply: WorkerReply) => finish(reply, true);
    const onError = (error: Error) => fail(error.name, error.message);
    const onExit = () => fail('Runtime.ExitError', 'The function exited before it answered');
    const endAfter = (limitMs: number) =>
      setTimeout(() => {
        fail('Sandbox.Timedout', `Task timed out after ${(limitMs / 1_000).toFixed(2)} seconds`);
        worker.terminate();
      }, limitMs);
    let timer = endAfter(LOAD_TIMEOUT_MS);
    worker.on('error', onError).on('exit', onExit);
    loaded.then(() => {
      clearTimeout(timer);
      if (isOver) return;
      timer = endAfter(timeoutMs);
      worker.on('message', onMessage);
      worker.postMessage({
        requestId,
        event,
        deadlineEpochMs: Date.now() + timeoutMs,
      } satisfies WorkerRequest);
    });
  });
}

function resultOf(reply: WorkerReply): InvocationResult {
  if ('error' in reply) return reply;
  if (Buffer.byteLength(reply.result) <= MAX_RESULT_BYTES) return { value: JSON.parse(reply.result) };
  return {
    error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage: 'The response is larger than 6 MB' },
  };
}

/**
 * Makes a function callable. Workers start when they are first needed and stay warm. When all are busy, events wait in
 * line.
 */
export function localFunction(definition: FunctionDefinition, log: (line: string) => void): LocalFunction {
  const idle: FunctionWorker[] = [];
  const all = new Set<FunctionWorker>();
  const waiting: ((one: FunctionWorker) => void)[] = [];
  const start = () => {
    const one = startWorker(definition, log);
    all.add(one);
    one.worker.on('error', () => all.delete(one));
    return one;
  };
  const acquire = (): FunctionWorker | Promise<FunctionWorker> => {
    const warm = idle.pop();
    if (warm) return warm;
    if (all.size < definition.maxWorkers) return start();
    return new Promise((resolve) => waiting.push(resolve));
  };
  const release = (one: FunctionWorker, alive: boolean) => {
    if (!alive) all.delete(one);
    const next = waiting.shift();
    if (next) next(alive ? one : start());
    else if (alive) idle.push(one);
  };
  return {
    name: definition.name,
    invoke: async (event) => {
      const one = await acquire();
      const { reply, alive } = await runIn(one, definition, JSON.stringify(event ?? {}));
      release(one, alive);
      const result = resultOf(reply);
      if ('error' in result)
        log(`${definition.name}: ${result.error.errorType}: ${result.error.errorMessage}`);
      return result;
    },
    close: async () => {
      await Promise.all([...all].map(({ worker }) => worker.terminate()));
    },
  };
}
