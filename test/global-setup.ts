import { fileURLToPath } from 'node:url';
import { loadAssembly } from '../local/assembly.ts';
import { offerSharedStack } from './shared-stack.ts';

/**
 * Does once, before any test and without its limits, what many tests need and what takes longest: the synthesis with its
 * bundles, the data of countries and networks, and the dashboard. It is in cdk.out then, where the local stacks of all
 * tests find it. A run beside this one does no harm: both make the same, each in a folder of its own.
 */
export default async function globalSetup(): Promise<void> {
  const startedMs = performance.now();
  const { synthesized } = await loadAssembly(fileURLToPath(new URL('..', import.meta.url)));
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const how = synthesized ? `synthesized in ${seconds} s` : 'unchanged since it was synthesized';
  // To stderr: with --json, stdout is the report.
  await offerSharedStack();
  process.stderr.write(`All tests share one stack in cdk.out: ${how}\n`);
}
