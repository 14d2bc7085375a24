import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { ENCODINGS } from '../lambdas/core/static-file.ts';

/** Writes a static file in each encoding that functions serve, in the place of the file itself. */
export async function writeCompressed(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path + ENCODINGS.br, await promisify(brotliCompress)(bytes));
  await writeFile(path + ENCODINGS.gzip, await promisify(gzip)(bytes, { level: 9 }));
}
