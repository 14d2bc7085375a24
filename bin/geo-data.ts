import { buildGeoData } from '../lib/geo-data.ts';

const [folder] = process.argv.slice(2);
if (folder) {
  const bytes = await buildGeoData(folder);
  process.stderr.write(`Geo data: ${(bytes / 1e6).toFixed(1)} MB\n`);
} else {
  process.stderr.write('Usage: node bin/geo-data.ts OUTPUT_FOLDER\n');
  process.exitCode = 1;
}
