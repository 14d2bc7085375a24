import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const INTEGRATIONS = fileURLToPath(new URL('../integrations', import.meta.url));

/**
 * Installs the packages of an integration if they are missing or its lock file has changed. They are no dependencies of
 * the project, so that its own installation stays small.
 * @returns whether anything was installed
 */
export async function installIntegration(name: string): Promise<boolean> {
  const folder = join(INTEGRATIONS, name);
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
  // npm removes node_modules before it installs, so this copy exists only after an installation that was completed.
  const installed = join(folder, 'node_modules/.installed-package-lock.json');
  if ((await readFile(installed, 'utf8').catch(() => undefined)) === lock) return false;
  await promisify(execFile)('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { cwd: folder });
  await writeFile(installed, lock);
  return true;
}
