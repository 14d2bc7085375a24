import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { writeCompressed } from './compress.ts';

/** Builds the dashboard and puts its files, compressed, into a folder, which is made when missing. */
async function buildDashboard(folder: string): Promise<void> {
  const built = await mkdtemp(join(tmpdir(), 'clickhook-dashboard-'));
  const configFile = fileURLToPath(new URL('../dashboard/vite.config.ts', import.meta.url));
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

const [folder] = process.argv.slice(2);
if (folder) {
  await buildDashboard(folder);
} else {
  process.stderr.write('Usage: node bin/dashboard.ts OUTPUT_FOLDER\n');
  process.exitCode = 1;
}
