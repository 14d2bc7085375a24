import type { AwsStub } from './aws-stub.ts';
import { runsOf } from './processes.ts';

/**
 * What a process of batches does. `bareUrl`: where the bare loop posts to in the place of deliver; with `freshSockets`
 * it opens new ones for each batch, as deliver has to.
 */
export type DeliverRun = {
  bareUrl?: string;
  freshSockets?: boolean;
  records: number;
  hooks: number;
  warmUps: number;
  runs: number;
};

/** One invocation: when it began (`Date.now()`), its time, the process's CPU time for it and the memory after it. */
export type BatchSeen = { startedAt: number; tookMs: number; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/deliver-batches.ts', import.meta.url);

/** Batches in a warm function, in a process of its own. */
export function batchRuns(bundle: string, stub: AwsStub, run: DeliverRun) {
  const env = { ...stub.environment, POWERTOOLS_LOG_LEVEL: 'INFO', CLICKHOOK_ALLOW_LOOPBACK: '1' };
  return runsOf<BatchSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
