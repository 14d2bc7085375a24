import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { sourceFingerprint } from './source-fingerprint.ts';
import { messageOf, StackError } from './stack-error.ts';
import { type Resource, resourcesOf, type Template, TYPE } from './template.ts';

const TEMPLATE_FILE = 'Clickhook.template.json';
/**
 * The fingerprint of the sources that the template was made from, and the name of the template, which `cdk synth` may
 * replace.
 */
const FINGERPRINT_FILE = 'local-fingerprint.json';
/** Bundles are CommonJS. In Lambda they have no package.json, but here the project's own would make them ES modules. */
const MODULE_TYPE_FILE = 'package.json';
const SYNTH_TIMEOUT_MS = 300_000;

/** A synthesized cloud assembly: its template and the folder with the bundles. */
export type Assembly = { template: Template; folder: string; synthesized: boolean };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The folder of a function's bundle.
 * @throws StackError when the template names none, or the folder is missing
 */
export async function bundleFolder(folder: string, logicalId: string, resource: Resource): Promise<string> {
  const named = resource.Metadata?.['aws:asset:path'];
  const code = resource.Properties?.Code as { S3Key?: unknown } | undefined;
  // CDK writes the metadata only when its CLI asks for it. The key in the asset bucket contains the same hash.
  const fromKey = typeof code?.S3Key === 'string' ? `asset.${basename(code.S3Key, '.zip')}` : undefined;
  const name = typeof named === 'string' ? basename(named) : fromKey;
  if (!name)
    throw new StackError(
      `The function ${logicalId} has no bundle. The local stack can only run functions with an asset.`,
    );
  const bundle = join(folder, name);
  const handler = String(resource.Properties?.Handler ?? 'index.handler');
  const module = handler.slice(0, handler.lastIndexOf('.'));
  const candidates = await Promise.all(
    ['js', 'cjs', 'mjs'].map((type) => exists(join(bundle, `${module}.${type}`))),
  );
  if (!candidates.includes(true)) {
    throw new StackError(
      `The bundle of the function ${logicalId} is missing: ${join(bundle, `${module}.js`)}`,
    );
  }
  return bundle;
}

async function hasAllBundles(folder: string, template: Template): Promise<boolean> {
  const bundles = resourcesOf(template, TYPE.function)
    .filter(({ properties }) => String(properties.Runtime).startsWith('nodejs'))
    .map(({ logicalId, resource }) => bundleFolder(folder, logicalId, resource));
  return Promise.all(bundles).then(
    () => true,
    () => false,
  );
}

async function readUnchanged(folder: string, fingerprint: string): Promise<Template | undefined> {
  try {
    const stored = JSON.parse(await readFile(join(folder, FINGERPRINT_FILE), 'utf8'));
    const text = await readFile(join(folder, TEMPLATE_FILE), 'utf8');
    if (stored.sources !== fingerprint || stored.template !== sha256(text)) return undefined;
    const template = JSON.parse(text) as Template;
    return (await hasAllBundles(folder, template)) ? template : undefined;
  } catch {
    // Missing or incomplete. In either case the stack is synthesized again, and that reports any problem.
    return undefined;
  }
}

async function runApp(root: string, output: string): Promise<void> {
  const env = { ...process.env, CDK_OUTDIR: output, CLICKHOOK_UNCHECKED: '1' };
  try {
    await promisify(execFile)(process.execPath, ['bin/clickhook.ts'], {
      cwd: root,
      env,
      timeout: SYNTH_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    process.stderr.write(stderr ?? '');
    throw new StackError(
      `The CDK app could not be synthesized with node bin/clickhook.ts: ${messageOf(error).slice(0, 200)}`,
    );
  }
}

/**
 * Moves an entry into place. An existing asset with the same name has the same content, because the name is its hash.
 */
async function moveInto(folder: string, output: string, name: string): Promise<void> {
  const target = join(folder, name);
  try {
    await rename(join(output, name), target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    if (await bundleIsWhole(target)) return;
    await cp(join(output, name), target, { recursive: true });
  }
}

const bundleIsWhole = async (asset: string) =>
  (await readdir(asset)).some((file) => file.startsWith('index.'));

/**
 * Synthesizes next to the assembly and moves the result in, assets first and the template last. Each move is atomic and
 * asset names are hashes of their content, so stacks that start or run at the same time never see a half-written
 * assembly.
 */
async function synthesize(root: string, folder: string, fingerprint: string): Promise<Template> {
  const output = await mkdtemp(`${folder}.`);
  try {
    await runApp(root, output);
    if (!(await exists(join(output, TEMPLATE_FILE)))) {
      throw new StackError(`The CDK app did not write ${TEMPLATE_FILE} to CDK_OUTDIR.`);
    }
    const text = await readFile(join(output, TEMPLATE_FILE), 'utf8');
    await writeFile(
      join(output, FINGERPRINT_FILE),
      JSON.stringify({ sources: fingerprint, template: sha256(text) }),
    );
    const isAsset = (name: string) => name.startsWith('asset.');
    const names = await readdir(output);
    const last = names
      .filter((name) => !isAsset(name))
      .sort((a, b) => Number(a === FINGERPRINT_FILE) - Number(b === FINGERPRINT_FILE));
    await Promise.all(names.filter(isAsset).map((name) => moveInto(folder, output, name)));
    for (const name of last) await moveInto(folder, output, name);
    return JSON.parse(text) as Template;
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

const MODULE_TYPE = '{ "type": "commonjs" }\n';

/** Written once and atomically, because running stacks read it whenever they load a bundle. */
async function writeModuleType(folder: string): Promise<void> {
  const file = join(folder, MODULE_TYPE_FILE);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === MODULE_TYPE) return;
  const whole = `${file}.${randomUUID()}`;
  await writeFile(whole, MODULE_TYPE);
  await rename(whole, file);
}

/**
 * The assembly of the CDK app for the current sources: the one in `cdk.out` if nothing has changed since the local
 * stack created it, else a new one.
 * @throws StackError when the app cannot be synthesized
 */
export async function loadAssembly(root: string): Promise<Assembly> {
  const folder = join(root, 'cdk.out');
  const fingerprint = await sourceFingerprint(root);
  await mkdir(folder, { recursive: true });
  await writeModuleType(folder);
  const unchanged = await readUnchanged(folder, fingerprint);
  if (unchanged) return { template: unchanged, folder, synthesized: false };
  return { template: await synthesize(root, folder, fingerprint), folder, synthesized: true };
}
