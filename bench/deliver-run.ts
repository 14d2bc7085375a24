import type { AwsStub } from './aws-stub.ts';
import { runsOf } from './processes.ts';

/**
 * The task of a process that runs batches. `bareUrl`: where the bare loop sends its requests instead of deliver. With
 * `freshSockets` it opens new sockets for each batch, as deliver has to.
 */
export type DeliverRun = {
  bareUrl?: string;
  freshSockets?: boolean;
  records: number;
  /** Links that the records are clicks of, in turn. Default: one. */
  links?: number;
  hooks: number;
  warmUps: number;
  runs: number;
};

/**
 * One invocation: its start (`Date.now()`), its duration, the CPU time of the process for it, and the memory after it.
 */
export type BatchSeen = { startedAt: number; tookMs: number; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/deliver-batches.ts', import.meta.url);

/** Lambda sets a trace id even when it traces nothing, and log lines contain it. */
const TRACE = 'Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=0';

/** Runs batches in a warm function, in a separate process. */
export function batchRuns(bundle: string, stub: AwsStub, run: DeliverRun) {
  const env = { ...stub.environment, _X_AMZN_TRACE_ID: TRACE, CLICKHOOK_ALLOW_LOOPBACK: '1' };
  return runsOf<BatchSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
