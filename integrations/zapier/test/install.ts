import globalSetup from '../../../test/global-setup.ts';
import { installIntegration } from '../../../test/install-integration.ts';

/** Does what all suites need, and installs the packages of the app. */
export default async function install(): Promise<void> {
  await globalSetup();
  const startedMs = performance.now();
  const installed = await installIntegration('zapier');
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  process.stderr.write(
    `The packages of the Zapier app are ${installed ? `installed in ${seconds} s` : 'installed already'}\n`,
  );
}
