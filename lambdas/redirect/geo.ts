import { join } from 'node:path';
import { EU_COUNTRIES } from '../clicks/visitor-values.ts';
import { ENV } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import { GEO_FILE, GEO_FOLDER, type GeoFile, lookUp, parseIpAddress, readGeoFile } from './geo-file.ts';

/** The location of an address: ISO 3166-1 alpha-2 code, and name of the network's owner. Null means unknown. */
export type Location = { country: string | null; is_eu_country: boolean | null; isp: string | null };

/**
 * Whether a country is one of the 27 of the European Union; null when the country is unknown. Territories with their
 * own code, such as RE or AX, do not count.
 */
export function isEuCountry(country: string | null): boolean | null {
  return country === null ? null : EU_COUNTRIES.includes(country);
}

/** The folder of the geo files, which bundling puts next to the function's bundle. */
export function bundledGeoFolder(): string {
  return join(process.env[ENV.taskRoot] ?? '', GEO_FOLDER);
}

/** Reads a file on the first call and keeps it. A file that cannot be used is reported once, and the result is null. */
function lazyGeoFile(path: string, name: string): () => Promise<GeoFile | null> {
  let file: Promise<GeoFile | null> | undefined;
  return () => {
    file ??= readGeoFile(path).catch((error: Error) => {
      logger.error('A geo file cannot be used. The fields of clicks that need it are null.', {
        file: name,
        error,
      });
      count('GeoUnavailable');
      return null;
    });
    return file;
  };
}

/**
 * Creates the look-up of addresses in the geo files of a folder. The files are read at the first look-up and kept as
 * long as the reader. It never throws: for text that is not an address, or without a usable file, it returns nulls.
 */
export function geoReader(folder: string): (address: string) => Promise<Location> {
  const countries = lazyGeoFile(join(folder, GEO_FILE.country), GEO_FILE.country);
  const isps = lazyGeoFile(join(folder, GEO_FILE.isp), GEO_FILE.isp);
  return async (address) => {
    const parsed = parseIpAddress(address);
    if (!parsed) return { country: null, is_eu_country: null, isp: null };
    const [countryFile, ispFile] = await Promise.all([countries(), isps()]);
    const country = countryFile && lookUp(countryFile, parsed);
    return { country, is_eu_country: isEuCountry(country), isp: ispFile && lookUp(ispFile, parsed) };
  };
}
