import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Assembly } from '../../local/assembly.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An assembly in a folder of its own, which a test removes. */
export type OwnAssembly = Assembly & { remove: () => Promise<void> };

/**
 * Synthesizes the app with context options, as `cdk deploy -c name=value` does.
 * @throws Error with what the app writes, when it fails
 */
export async function synthesizeWith(options: Record<string, string>): Promise<OwnAssembly> {
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-assembly-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  // The CDK command passes its options on in this variable.
  const context = { CDK_CONTEXT_JSON: JSON.stringify(options) };
  const env = { ...process.env, ...context, CDK_OUTDIR: folder, CLICKHOOK_UNCHECKED: '1' };
  try {
    await promisify(execFile)(process.execPath, ['bin/clickhook.ts'], { cwd: ROOT, env });
    const template = JSON.parse(await readFile(join(folder, 'Clickhook.template.json'), 'utf8'));
    return { template, folder, synthesized: true, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
