import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GEO_FILE } from '../../lambdas/redirect/geo-file.ts';
import { encodeGeoFile } from './encode.ts';
import { readBoundaries } from './ranges.ts';

type Source = { file: string; csvs: string[]; skippedFields: number };

/** What each file is made of; docs/data.md tells where the data comes from and under which licences. */
const SOURCES: Source[] = [
  {
    file: GEO_FILE.country,
    csvs: [
      '@ip-location-db/asn-country/asn-country-ipv4.csv',
      '@ip-location-db/asn-country/asn-country-ipv6.csv',
    ],
    skippedFields: 0,
  },
  {
    file: GEO_FILE.isp,
    csvs: ['@ip-location-db/asn/asn-ipv4.csv', '@ip-location-db/asn/asn-ipv6.csv'],
    // The number of the network stands before its owner's name.
    skippedFields: 1,
  },
];

const { resolve } = createRequire(import.meta.url);

async function linesOf(csv: string): Promise<string[]> {
  return (await readFile(resolve(csv), 'utf8')).split('\n');
}

/**
 * Writes the geo files into a folder, which is made when missing, from the data packages that are installed.
 * @returns bytes written
 * @throws Error that names the CSV file or quotes its line, when one is missing or malformed
 */
export async function buildGeoData(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const sizes = SOURCES.map(async ({ file, csvs, skippedFields }) => {
    const lines = (await Promise.all(csvs.map(linesOf))).flat();
    const bytes = encodeGeoFile(readBoundaries(lines, skippedFields));
    await writeFile(join(folder, file), bytes);
    return bytes.length;
  });
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
}
