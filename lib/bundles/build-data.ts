import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ENCODINGS } from '../../lambdas/site/static-file.ts';
import { VIEWER_FILES } from '../../lambdas/site/viewer.ts';
import { buildGeoData } from '../geo-data.ts';

// Creates the data files of a bundle. Each kind of data is built by its own process, in parallel, because each takes
// seconds of CPU time.

/**
 * The best quality takes twice as long as the one below it, which takes ten times as long as 9, and makes the result a
 * tenth smaller.
 */
const BROTLI_QUALITY = { small: 10, large: 9 };
const LARGE_BYTES = 1_000_000;

/** Replaces a static file with a compressed file in each encoding that the functions serve. */
async function writeCompressed(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const quality = bytes.length < LARGE_BYTES ? BROTLI_QUALITY.small : BROTLI_QUALITY.large;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  await writeFile(path + ENCODINGS.br, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(path + ENCODINGS.gzip, await promisify(gzip)(bytes, { level: 9 }));
}

/** Builds the dashboard and writes its compressed files into a folder. Creates the folder if it is missing. */
async function buildDashboard(folder: string): Promise<void> {
  const { build } = await import('vite');
  const built = await mkdtemp(join(tmpdir(), 'clickhook-dashboard-'));
  const configFile = fileURLToPath(new URL('../../dashboard/vite.config.ts', import.meta.url));
  try {
    await build({ configFile, logLevel: 'warn', build: { outDir: built, emptyOutDir: true } });
    const files = (await readdir(built, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      await writeCompressed(join(folder, path.slice(built.length)), await readFile(path));
    }
  } finally {
    await rm(built, { recursive: true });
  }
}

/** Writes the compressed files of the viewer into a folder. Creates the folder if it is missing. */
async function copyViewer(folder: string): Promise<void> {
  for (const name of Object.keys(VIEWER_FILES)) {
    const bytes = await readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
    await writeCompressed(join(folder, name), bytes);
  }
}

/** Countries and networks by IP address, for the redirect. */
async function buildGeo(folder: string): Promise<void> {
  const bytes = await buildGeoData(folder);
  process.stderr.write(`Geo data: ${(bytes / 1e6).toFixed(1)} MB\n`);
}

const KINDS: Record<string, (folder: string) => Promise<void>> = {
  geo: buildGeo,
  docs: copyViewer,
  dashboard: buildDashboard,
};

const [kind = '', folder] = process.argv.slice(2);
const build = KINDS[kind];
if (build && folder) {
  await build(folder);
} else {
  process.stderr.write(
    `Usage: node lib/bundles/build-data.ts ${Object.keys(KINDS).join('|')} OUTPUT_FOLDER\n`,
  );
  process.exitCode = 1;
}
