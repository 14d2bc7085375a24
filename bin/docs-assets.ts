import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { VIEWER_FILES } from '../lambdas/openapi/viewer.ts';

const { resolve } = createRequire(import.meta.url);

/** Puts the viewer's files, compressed, into a folder, which is made when missing. */
async function copyViewer(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of Object.keys(VIEWER_FILES)) {
    const bytes = await readFile(resolve(`swagger-ui-dist/${name}`));
    await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }));
  }
}

const [folder] = process.argv.slice(2);
if (folder) {
  await copyViewer(folder);
} else {
  process.stderr.write('Usage: node bin/docs-assets.ts OUTPUT_FOLDER\n');
  process.exitCode = 1;
}
