import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionDefinition } from '../../local/functions.ts';
import { ACCOUNT_ID, REGION } from '../../local/intrinsics.ts';
import { type Outcome, startRuntimeApi } from './runtime-api.ts';
import { RUNTIME_CLIENT } from './runtime-client.ts';

/** How an invocation ended, and the ids that Lambda gave it. */
export type Invoked = Outcome & { requestId: string; traceRoot: string };

/** Variables of a process. Undefined removes one. */
export type Environment = Record<string, string | undefined>;

/** One instance of a function: a process that AWS's runtime client runs, as in Lambda. */
export type FunctionInstance = {
  invoke: (event: unknown) => Promise<Invoked>;
  /** Stops the process, as Lambda does between two events. The next event resumes it. */
  freeze: () => Promise<void>;
  /** Ends the process, unless it has ended. @returns all that it wrote to stdout and stderr */
  stop: () => Promise<string>;
};

/** What Lambda sets in addition to the variables of local/definitions.ts. */
function lambdaEnvironment(definition: FunctionDefinition, runtimeApi: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'en_US.UTF-8',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2027/01/31/[$LATEST]0123456789abcdef0123456789abcdef',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example/secret+key',
    AWS_SESSION_TOKEN: 'example-session-token==',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    _HANDLER: definition.handler,
  };
}

/** Lambda's start script gives the heap nine tenths of the memory. */
const heapMb = ({ memoryMb }: FunctionDefinition) => memoryMb - Math.floor(memoryMb / 10);

/** X-Ray's header as Lambda passes it on: the root says which request it is. */
function traceHeader() {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  const root = `1-${seconds}-${randomBytes(12).toString('hex')}`;
  return { root, header: `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0` };
}

async function stateOf({ pid }: ChildProcess): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}

/** Rejects when a function takes longer than its timeout, at which Lambda would end it. */
async function timedOut({ timeoutMs }: FunctionDefinition, signal: AbortSignal): Promise<never> {
  await delay(timeoutMs, undefined, { signal });
  throw new Error(`Task timed out after ${timeoutMs / 1_000} seconds`);
}

/** Starts the process of an instance. `exited` rejects when it ends, with what it wrote until then. */
function startProcess(definition: FunctionDefinition, env: Environment) {
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb(definition)}`, RUNTIME_CLIENT], {
    cwd: definition.bundle,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  }
  const closed = once(child, 'close');
  const exited = closed.then(([code, signal]): never => {
    throw new Error(`${definition.name} exited (${code ?? signal}):\n${output}`);
  });
  exited.catch(() => undefined);
  return { child, closed, exited, output: () => output };
}

/**
 * Starts an instance, and waits until it asks for its first event.
 * @throws Error with all it wrote, when it does not get that far
 */
export async function startInstance(
  definition: FunctionDefinition,
  environment: Environment = {},
): Promise<FunctionInstance> {
  const api = await startRuntimeApi();
  const env = { ...definition.environment, ...lambdaEnvironment(definition, api.address), ...environment };
  const { child, closed, exited, output } = startProcess(definition, env);
  const stop = async () => {
    child.kill('SIGKILL');
    await closed;
    await api.close();
    return output();
  };
  await Promise.race([api.ready, exited]).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    invoke: async (event) => {
      const { root, header } = traceHeader();
      const requestId = randomUUID();
      const invocation = {
        requestId,
        traceId: header,
        functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${definition.name}`,
        deadlineEpochMs: Date.now() + definition.timeoutMs,
        event,
      };
      const answered = api.invoke(invocation, () => child.kill('SIGCONT'));
      const over = new AbortController();
      const late = timedOut(definition, over.signal);
      late.catch(() => undefined);
      const outcome = await Promise.race([answered, exited, late]).finally(() => over.abort());
      return { ...outcome, requestId, traceRoot: root };
    },
    freeze: async () => {
      await Promise.race([api.idle(), exited]);
      child.kill('SIGSTOP');
      while ((await stateOf(child)) !== 'T') await delay(1);
    },
    stop,
  };
}
