import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { GEO_FOLDER } from '../lambdas/redirect/geo-file.ts';
import { bundleFunctions, bundleName } from '../lib/bundles/bundle-functions.ts';
import { ROOT, redirectOptions } from '../lib/bundles/options.ts';

/** The folders of bundles to measure. */
export type Bundles = {
  redirect: string;
  deliver: string;
  /** The functions that report clicks. */
  clicks: string;
  /** The redirect with the AWS SDK: `-c redirectSdk=full`. */
  fullSdk: string;
  /** The redirect's source as CDK's defaults would bundle it, with the SDK: not minified, CommonJS first. */
  naive: string;
  /** A handler that does nothing. */
  empty: string;
  remove: () => Promise<void>;
};

const REDIRECT = 'redirect/handler.ts';
const EMPTY = `exports.handler = async () => ({
  statusCode: 302,
  headers: { location: 'https://example.com/landing-page' },
});
`;

async function bundleNaively(folder: string, geo: string): Promise<void> {
  await build({
    entryPoints: { index: `${ROOT}lambdas/${REDIRECT}` },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['main', 'module'],
    logLevel: 'warning',
  });
  await cp(geo, join(folder, GEO_FOLDER), { recursive: true });
}

/** Creates the bundles in a temporary folder. */
export async function makeBundles(): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'clickhook-bench-'));
  await bundleFunctions(folder);
  const redirect = join(folder, bundleName(REDIRECT));
  const naive = await mkdtemp(join(folder, 'naive-'));
  await bundleNaively(naive, join(redirect, GEO_FOLDER));
  const fullSdk = join(folder, 'full-sdk');
  await build({ ...redirectOptions('full', 'full-sdk'), outdir: folder });
  await cp(join(redirect, GEO_FOLDER), join(fullSdk, GEO_FOLDER), { recursive: true });
  const empty = await mkdtemp(join(folder, 'empty-'));
  await writeFile(join(empty, 'index.js'), EMPTY);
  return {
    redirect,
    deliver: join(folder, bundleName('deliver/handler.ts')),
    clicks: join(folder, bundleName('clicks/handlers.ts')),
    fullSdk,
    naive,
    empty,
    remove: () => rm(folder, { recursive: true }),
  };
}
