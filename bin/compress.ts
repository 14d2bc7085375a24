import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ENCODINGS } from '../lambdas/site/static-file.ts';

/** The best quality takes twice as long as the one below it, which takes ten times as long as 9, for a tenth fewer bytes. */
const BROTLI_QUALITY = { small: 10, large: 9 };
const LARGE_BYTES = 1_000_000;

/** Writes a static file in each encoding that functions serve, in the place of the file itself. */
export async function writeCompressed(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const quality = bytes.length < LARGE_BYTES ? BROTLI_QUALITY.small : BROTLI_QUALITY.large;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  await writeFile(path + ENCODINGS.br, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(path + ENCODINGS.gzip, await promisify(gzip)(bytes, { level: 9 }));
}
