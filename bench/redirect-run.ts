import type { AwsStub } from './aws-stub.ts';
import { runsOf } from './processes.ts';

/**
 * What a process of clicks does: `runs` times this many clicks, after others to warm up; on /sale, or spread over
 * `/link-0` and so on where there are that many `links`.
 */
export type RedirectRun = { bare?: boolean; links?: number; warmUps: number; runs: number; clicks: number };

/** One run: the time of each click, the process's CPU time for all, and its memory after them. */
export type ClicksSeen = { latenciesMs: number[]; cpuMs: number; rssBytes: number };

const SCRIPT = new URL('processes/redirect-clicks.ts', import.meta.url);

/** Clicks in a warm function, in a process of its own. */
export function clickRuns(bundle: string, stub: Pick<AwsStub, 'environment'>, run: RedirectRun) {
  const env = { ...stub.environment, LAMBDA_TASK_ROOT: bundle };
  return runsOf<ClicksSeen>(SCRIPT, [`${bundle}/index.js`, JSON.stringify(run)], env, run.runs);
}
