import globalSetup from '../global-setup.ts';
import { installRuntimeClient } from './runtime-client.ts';

/** Does what all suites need, and installs the runtime client. */
export default async function installClient(): Promise<void> {
  await globalSetup();
  const startedMs = performance.now();
  const built = await installRuntimeClient();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  process.stderr.write(`The runtime client is ${built ? `built in ${seconds} s` : 'built already'}\n`);
}
