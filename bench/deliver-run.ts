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
  hooks: number;
  warmUps: number;
  runs: number;
};

/**
 * One invocation: its start (`Date.now()`), its duration, the CPU time of the process for it, and the memory after it.
 */
export type BatchSeen = { startedAt: number; tookMs: number; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/deliver-batches.ts', import.meta.url);

/** Runs batches in a warm function, in a separate process. */
export function batchRuns(bundle: string, stub: AwsStub, run: DeliverRun) {
  const env = { ...stub.environment, POWERTOOLS_LOG_LEVEL: 'INFO', CLICKHOOK_ALLOW_LOOPBACK: '1' };
  return runsOf<BatchSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
