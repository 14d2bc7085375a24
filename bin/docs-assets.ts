import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { VIEWER_FILES } from '../lambdas/site/viewer.ts';
import { writeCompressed } from './compress.ts';

const { resolve } = createRequire(import.meta.url);

/** Puts the viewer's files, compressed, into a folder, which is made when missing. */
async function copyViewer(folder: string): Promise<void> {
  for (const name of Object.keys(VIEWER_FILES)) {
    const bytes = await readFile(resolve(`swagger-ui-dist/${name}`));
    await writeCompressed(join(folder, name), bytes);
  }
}

const [folder] = process.argv.slice(2);
if (folder) {
  await copyViewer(folder);
} else {
  process.stderr.write('Usage: node bin/docs-assets.ts OUTPUT_FOLDER\n');
  process.exitCode = 1;
}
