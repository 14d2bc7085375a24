import { isIPv4, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { EU_COUNTRIES } from '../clicks/visitor-values.ts';
import { ENV } from '../env.ts';
import { count, logger } from '../telemetry.ts';
import { GEO_FILE, GEO_FOLDER, type GeoFile, lookUp, readGeoFile } from './geo-file.ts';

/** An address as numbers: 32 bits of IPv4, or the upper and lower 64 bits of IPv6. */
export type IpAddress = { family: 4; bits: number } | { family: 6; upper: bigint; lower: bigint };

const V4_MAPPED = 0xffffn;

const DOT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** Without a text for each part: a geo file is built from a million addresses. */
function bitsOfV4(text: string): number {
  let bits = 0;
  let part = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== DOT) {
      part = part * 10 + code - ZERO;
      continue;
    }
    bits = bits * 256 + part;
    part = 0;
  }
  return bits * 256 + part;
}

/** The 16-bit groups of one side of `::`; a dotted tail gives two. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const bits = bitsOfV4(group);
    return [bits >>> 16, bits & 0xffff];
  });
}

const joined = (groups: number[]): bigint =>
  groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);

function bitsOfV6(text: string): { upper: bigint; lower: bigint } {
  const [head = '', tail = ''] = text.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail);
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  const groups = [...before, ...zeros, ...after];
  return { upper: joined(groups.slice(0, 4)), lower: joined(groups.slice(4)) };
}

/**
 * Reads an address; IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is the IPv4 address it maps.
 * @returns null for anything else, an address with a zone, brackets, a port or a prefix length included
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 4, bits: bitsOfV4(text) };
  if (!isIPv6(text) || text.includes('%')) return null;
  const { upper, lower } = bitsOfV6(text);
  if (upper === 0n && lower >> 32n === V4_MAPPED) return { family: 4, bits: Number(lower & 0xffffffffn) };
  return { family: 6, upper, lower };
}

/** Where an address is: ISO 3166-1 alpha-2 code, and the name of the network's owner. Null is unknown. */
export type Location = { country: string | null; is_eu_country: boolean | null; isp: string | null };

/**
 * Whether a country is one of the 27 of the European Union; null when the country is unknown. Territories
 * with a code of their own, such as RE or AX, are not counted as the member they belong to.
 */
export function isEuCountry(country: string | null): boolean | null {
  return country === null ? null : EU_COUNTRIES.includes(country);
}

/** The folder that bundling puts the geo files into, beside the function's bundle. */
export function bundledGeoFolder(): string {
  return join(process.env[ENV.taskRoot] ?? '', GEO_FOLDER);
}

/** Reads a file at the first call and keeps it; a file that can't be used is reported once, then null. */
function lazyGeoFile(path: string, name: string): () => Promise<GeoFile | null> {
  let file: Promise<GeoFile | null> | undefined;
  return () => {
    file ??= readGeoFile(path).catch((error: Error) => {
      logger.error('A geo file can not be used: its field of the clicks is null', { file: name, error });
      count('GeoUnavailable');
      return null;
    });
    return file;
  };
}

/**
 * Makes the look-up of addresses in the geo files of a folder. The files are read at the first look-up and kept
 * as long as the reader. It never throws: what is no address, or has no usable file, gives nulls.
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
