import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The client of AWS that runs functions in Lambda. It is no dependency of the project, because it takes a minute to build. */
const CLIENT = { name: 'aws-lambda-ric', version: '4.0.2' };
/** One folder for each version and kind of machine, so that only the first run builds it. */
const FOLDER = join(ROOT, 'cdk.out', `${CLIENT.name}-${CLIENT.version}-${process.platform}-${process.arch}`);
const BUILD_TIMEOUT_MS = 900_000;

/** The client's entry point: what Lambda runs as /var/runtime/index.mjs. */
export const RUNTIME_CLIENT = join(FOLDER, 'node_modules', CLIENT.name, 'index.mjs');

const TOOLS = ['cmake', 'g++', 'make', 'python3', 'xz'];

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The tools of the build that no folder of PATH contains. */
async function missingTools(): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = await Promise.all(
    TOOLS.map(async (tool) =>
      (await Promise.all(folders.map((one) => exists(join(one, tool))))).includes(true),
    ),
  );
  return TOOLS.filter((_tool, index) => !found[index]);
}

/** The headers of the pinned Node, which its package contains. Without them, node-gyp looks elsewhere. */
async function nodeHeaders(): Promise<Record<string, string>> {
  const packages = join(ROOT, 'node_modules/node/node_modules');
  const names = await readdir(packages).catch(() => []);
  for (const name of names) {
    const folder = join(packages, name);
    if (await exists(join(folder, 'include/node/node_api.h'))) return { npm_config_nodedir: folder };
  }
  return {};
}

async function build(folder: string): Promise<void> {
  // npm asks for permission to run the scripts of packages. The client's scripts build it.
  const allowed = { private: true, allowScripts: { [CLIENT.name]: true } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(allowed));
  const args = ['install', '--save-exact', '--foreground-scripts', `${CLIENT.name}@${CLIENT.version}`];
  try {
    await promisify(execFile)('npm', args, {
      cwd: folder,
      env: { ...process.env, ...(await nodeHeaders()) },
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The runtime client could not be built:\n${`${stdout}\n${stderr}`.slice(-4_000)}`);
  }
}

/**
 * Installs and builds the runtime client, unless an earlier run has. Builds in a folder of its own and renames it, so
 * that no run ever sees half of it.
 * @returns whether it was built
 * @throws Error that says what to install
 */
export async function installRuntimeClient(): Promise<boolean> {
  if (await exists(RUNTIME_CLIENT)) return false;
  if (process.platform !== 'linux') throw new Error('The runtime client builds on Linux only.');
  const missing = await missingTools();
  if (missing.length > 0) throw new Error(`Install ${missing.join(', ')} to build the runtime client.`);
  await mkdir(join(ROOT, 'cdk.out'), { recursive: true });
  const folder = await mkdtemp(`${FOLDER}.`);
  try {
    await build(folder);
    await rename(folder, FOLDER);
  } catch (error) {
    // Another run may have built it at the same time.
    if (!(await exists(RUNTIME_CLIENT))) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}
