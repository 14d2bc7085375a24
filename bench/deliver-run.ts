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
  /** Links that the records are clicks of, in turn. Default: one. */
  links?: number;
  hooks: number;
  warmUps: number;
  runs: number;
};

/** One invocation: when it began (`Date.now()`), its time, the process's CPU time for it and the memory after it. */
export type BatchSeen = { startedAt: number; tookMs: number; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/deliver-batches.ts', import.meta.url);

/** As Lambda sets it, also when it traces nothing. The log lines contain the id. */
const TRACE = 'Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=0';

/** Batches in a warm function, in a process of its own. */
export function batchRuns(bundle: string, stub: AwsStub, run: DeliverRun) {
  const env = { ...stub.environment, _X_AMZN_TRACE_ID: TRACE, CLICKHOOK_ALLOW_LOOPBACK: '1' };
  return runsOf<BatchSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
