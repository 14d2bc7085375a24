import type { AwsStub } from './aws-stub.ts';
import { runsOf } from './processes.ts';

/**
 * The task of a process that runs clicks: `runs` times this many clicks, after some clicks to warm up; on /sale, or
 * spread over `/link-0` and so on if there are that many `links`.
 */
export type RedirectRun = { bare?: boolean; links?: number; warmUps: number; runs: number; clicks: number };

/** One run: the time of each click, the CPU time of the process for all of them, and its memory afterwards. */
export type ClicksSeen = { latenciesMs: number[]; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/redirect-clicks.ts', import.meta.url);

/** Runs clicks in a warm function, in a separate process. */
export function clickRuns(bundle: string, stub: Pick<AwsStub, 'environment'>, run: RedirectRun) {
  const env = { ...stub.environment, LAMBDA_TASK_ROOT: bundle };
  return runsOf<ClicksSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
