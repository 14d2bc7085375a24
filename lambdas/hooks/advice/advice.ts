import { FAILURES, REFUSALS } from './failures.ts';
import type { Advice, Finding } from './finding.ts';
import { RESPONSES } from './responses.ts';

/** Every known cause. The first that applies decides, so special causes come before general ones. */
export const ADVICE: Advice[] = [...REFUSALS, ...FAILURES, ...RESPONSES];

/** What happened to a check, and what to do about it: one or more sentences for people. */
export function adviceOn(finding: Finding): string {
  const advice = ADVICE.find(({ applies }) => applies(finding));
  return advice?.sentence(finding) ?? 'The outcome has no known cause. Look in the log of the server.';
}
