import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { ENDPOINTS } from '../../lambdas/endpoints.ts';
import { GEO_FOLDER } from '../../lambdas/redirect/geo-file.ts';
import { DASHBOARD_FOLDER } from '../../lambdas/site/static-file.ts';
import { VIEWER_FOLDER } from '../../lambdas/site/viewer.ts';
import { BUNDLE_OPTIONS, type RedirectSdk, ROOT, redirectOptions } from './options.ts';

const REDIRECT = 'redirect/handler.ts';

/** Folders that a bundle has next to its code, and the kind of data that build-data.ts writes into each. */
const DATA: { entry: string; folder: string; kind: string }[] = [
  { entry: REDIRECT, folder: GEO_FOLDER, kind: 'geo' },
  { entry: 'site/handlers.ts', folder: VIEWER_FOLDER, kind: 'docs' },
  { entry: 'site/handlers.ts', folder: DASHBOARD_FOLDER, kind: 'dashboard' },
];

/** The entry points of all functions: paths below lambdas/. Those of an entity share one. */
export const ENTRIES = [...new Set([REDIRECT, 'deliver/handler.ts', ...ENDPOINTS.map(({ entry }) => entry)])];

/** The folder of an entry's bundle, below that of all bundles. */
export const bundleName = (entry: string) => entry.replace(/\.ts$/, '');

async function bundleCode(folder: string, options: BuildOptions): Promise<void> {
  // Written here and not by esbuild, because its source maps contain paths relative to the output. The content of a
  // bundle is part of the asset's name and must not depend on where it was built.
  const { outputFiles } = await build({
    ...options,
    outdir: `${ROOT}bundles`,
    write: false,
  });
  const writes = (outputFiles ?? []).map(async ({ path, contents }) => {
    const target = join(folder, path.slice(`${ROOT}bundles`.length));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  });
  await Promise.all(writes);
}

/**
 * Bundles every function in two runs of esbuild, while scripts create their data. `folder` then contains a folder for
 * each entry, named by `bundleName`.
 * @throws Error when a source does not bundle or a script fails
 */
export async function bundleFunctions(folder: string, redirectSdk: RedirectSdk = 'lean'): Promise<void> {
  const data = DATA.map(({ entry, folder: name, kind }) =>
    promisify(execFile)(process.execPath, [
      `${ROOT}lib/bundles/build-data.ts`,
      kind,
      join(folder, bundleName(entry), name),
    ]),
  );
  const entryPoints = ENTRIES.filter((entry) => entry !== REDIRECT).map((entry) => ({
    in: `lambdas/${entry}`,
    out: `${bundleName(entry)}/index`,
  }));
  await Promise.all([
    ...data,
    bundleCode(folder, redirectOptions(redirectSdk, bundleName(REDIRECT))),
    bundleCode(folder, { ...BUNDLE_OPTIONS, entryPoints }),
  ]);
}
