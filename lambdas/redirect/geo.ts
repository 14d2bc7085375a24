import { join } from 'node:path';
import { EU_COUNTRIES } from '../clicks/visitor-values.ts';
import { ENV } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import {
  GEO_FILE,
  GEO_FOLDER,
  type IpAddress,
  lookUp,
  type OpenGeoFile,
  openGeoFile,
  parseIpAddress,
} from './geo-file.ts';

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

/**
 * Opens a file on the first call, and looks addresses up in it. A file that cannot be used is reported once, and every
 * result is null.
 */
function lazyLookUp(folder: string, name: string): (address: IpAddress) => string | null {
  let file: OpenGeoFile | null | undefined;
  return (address) => {
    try {
      if (file === undefined) file = openGeoFile(join(folder, name));
      return file && lookUp(file, address);
    } catch (error) {
      file = null;
      logger.error('A geo file cannot be used. The fields of clicks that need it are null.', {
        file: name,
        error: error as Error,
      });
      count('GeoUnavailable');
      return null;
    }
  };
}

/**
 * Creates the look-up of addresses in the geo files of a folder. The files are opened at the first look-up. Each
 * look-up reads a few values of them, so that nothing has to be loaded before the first click. It never throws: for text that is not an address, or without a usable file, it returns nulls.
 */
export function geoReader(folder: string): (address: string) => Promise<Location> {
  const countryOf = lazyLookUp(folder, GEO_FILE.country);
  const ispOf = lazyLookUp(folder, GEO_FILE.isp);
  return async (address) => {
    const parsed = parseIpAddress(address);
    if (!parsed) return { country: null, is_eu_country: null, isp: null };
    const country = countryOf(parsed);
    return { country, is_eu_country: isEuCountry(country), isp: ispOf(parsed) };
  };
}
