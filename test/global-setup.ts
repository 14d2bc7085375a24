import { fileURLToPath } from 'node:url';
import { loadAssembly } from '../local/assembly.ts';
import { offerSharedStack } from './shared-stack.ts';

/**
 * Runs the slow set-up that many tests need, once, before any test and without their time limits: it synthesizes the
 * stack with its bundles, the data of countries and networks, and the dashboard into cdk.out, where the local stacks of
 * all tests find them. Parallel runs do not disturb each other, because both create the same in their own folders.
 */
export default async function globalSetup(): Promise<void> {
  const startedMs = performance.now();
  const { synthesized } = await loadAssembly(fileURLToPath(new URL('..', import.meta.url)));
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const how = synthesized ? `synthesized in ${seconds} s` : 'unchanged since it was synthesized';
  // Writes to stderr, because with --json stdout is the report.
  await offerSharedStack();
  process.stderr.write(`All tests share one stack in cdk.out: ${how}\n`);
}
