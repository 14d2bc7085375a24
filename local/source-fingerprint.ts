import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All sources of the synthesized template and its bundles, below the project's root. */
const SOURCES = [
  'bin/clickhook.ts',
  'lib',
  'lambdas',
  'dashboard',
  'cdk.json',
  'cdk.context.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const NOT_SOURCES = new Set(['node_modules', '.DS_Store']);

async function filesBelow(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const wanted = entries.filter((entry) => !NOT_SOURCES.has(entry.name));
    const below = wanted.map(({ name }) => filesBelow(join(path, name)));
    return (await Promise.all(below)).flat();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}

/** A hash of the contents of all sources. The same hash means that synthesizing would create the same assembly. */
export async function sourceFingerprint(root: string): Promise<string> {
  const files = (await Promise.all(SOURCES.map((source) => filesBelow(join(root, source))))).flat().sort();
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`\0${file.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
