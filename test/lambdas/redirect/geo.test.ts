import { mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { bundledGeoFolder, geoReader, isEuCountry } from '../../../lambdas/redirect/geo.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { encodeGeoFile, readBoundaries } from '../../../lib/geo-data.ts';
import { capturedOutput } from '../captured-output.ts';

const COUNTRIES = [
  '192.0.2.0,192.0.2.127,DE',
  '192.0.2.128,192.0.2.255,DE',
  '198.51.100.0,198.51.100.255,GB',
  '255.255.255.0,255.255.255.255,NO',
  '2001:db8::,2001:db8:0:1:ffff:ffff:ffff:ffff,HR',
  '2001:db8:0:4::,2001:db8:0:4:ffff:ffff:ffff:ffff,CH',
];
const ISPS = [
  '192.0.2.0,192.0.2.255,64500,"Example, ""Net"" AG "',
  '2001:db8::,2001:db8:0:1:ffff:ffff:ffff:ffff,64501,Пример',
];
const NOTHING = { country: null, is_eu_country: null, isp: null };

let folder: string;
let written: () => string[];
let error: ReturnType<typeof jest.spyOn>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geo-'));
  await writeFile(join(folder, 'country.bin'), encodeGeoFile(readBoundaries(COUNTRIES, 0)));
  await writeFile(join(folder, 'isp.bin'), encodeGeoFile(readBoundaries(ISPS, 1)));
  error = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  written = capturedOutput();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const unavailable = () => written().filter((line) => line.includes('"GeoUnavailable":1')).length;

describe('an address', () => {
  test.each([
    ['one before a range', '192.0.1.255', null],
    ['the first of a range', '192.0.2.0', 'DE'],
    ['the last of a range that goes on in the next', '192.0.2.127', 'DE'],
    ['the last of a range', '192.0.2.255', 'DE'],
    ['one after a range', '192.0.3.0', null],
    ['between ranges', '195.0.0.1', null],
    ['below all ranges', '0.0.0.0', null],
    ['one before the last range', '255.255.254.255', null],
    ['the last there is', '255.255.255.255', 'NO'],
    ['one before a range (IPv6)', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', null],
    ['the first of a range (IPv6)', '2001:db8::', 'HR'],
    ['the last of a range (IPv6)', '2001:DB8:0:1:ffff:ffff:ffff:ffff', 'HR'],
    ['one after a range (IPv6)', '2001:db8:0:2::', null],
    ['in a range of one /64', '2001:db8:0:4::1', 'CH'],
    ['above all ranges (IPv6)', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', null],
    ['IPv4 in IPv6, dotted', '::ffff:192.0.2.0', 'DE'],
    ['IPv4 in IPv6, in groups', '::FFFF:c000:2ff', 'DE'],
    ['IPv6 that only ends like IPv4', '::192.0.2.0', null],
  ])('%s has the right country and network', async (_name, address, country) => {
    expect((await geoReader(folder)(address)).country).toBe(country);
  });

  test.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.0/24',
    '192.0.2.0:80',
    ' 192.0.2.0',
    '[2001:db8::]',
    '2001:db8::%eth0',
    '::ffff:192.0.2.0%1',
    '2001:db8:::1',
    '192.0.2.0, 192.0.2.1',
  ])('that is none (%j) gives nulls and is not an error', async (address) => {
    expect(await geoReader(folder)(address)).toEqual(NOTHING);
    expect(error).not.toHaveBeenCalled();
  });

  test('has the name of its network unchanged, including quotes, commas and other alphabets', async () => {
    const locate = geoReader(folder);
    expect(await locate('192.0.2.1')).toEqual({
      country: 'DE',
      is_eu_country: true,
      isp: 'Example, "Net" AG',
    });
    expect(await locate('2001:db8::1')).toEqual({ country: 'HR', is_eu_country: true, isp: 'Пример' });
    expect(await locate('198.51.100.1')).toEqual({ country: 'GB', is_eu_country: false, isp: null });
  });
});

describe('a file that cannot be used', () => {
  const damages: [string, (path: string) => Promise<void>][] = [
    ['missing', (path) => rm(path)],
    ['empty', (path) => truncate(path, 0)],
    ['truncated within its header', (path) => truncate(path, 20)],
    ['truncated by a byte', async (path) => truncate(path, (await readFile(path)).length - 1)],
    [
      'longer than it says',
      async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.of(0)])),
    ],
    ['of another kind', async (path) => writeFile(path, (await readFile(path)).fill('x', 0, 8))],
    ['of another version', async (path) => writeFile(path, (await readFile(path)).fill(2, 8, 9))],
    [
      'of the other byte order',
      async (path) => {
        const bytes = await readFile(path);
        bytes.subarray(8, 28).swap32();
        await writeFile(path, bytes);
      },
    ],
  ];

  test.each(damages)(
    '(%s) leaves the other working, and is logged and counted once',
    async (_name, damage) => {
      await damage(join(folder, 'country.bin'));
      const locate = geoReader(folder);
      const all = await Promise.all([locate('192.0.2.1'), locate('192.0.2.1')]);
      for (const location of [...all, await locate('192.0.2.1')]) {
        expect(location).toEqual({ ...NOTHING, isp: 'Example, "Net" AG' });
      }
      expect(error).toHaveBeenCalledTimes(1);
      expect(unavailable()).toBe(1);
      expect(JSON.stringify([error.mock.calls, written()])).not.toContain('192.0.2.1');
    },
  );

  test('for the names does not affect the country', async () => {
    await rm(join(folder, 'isp.bin'));
    expect(await geoReader(folder)('192.0.2.1')).toEqual({ country: 'DE', is_eu_country: true, isp: null });
    expect(error).toHaveBeenCalledTimes(1);
  });
});

test('files are opened at the first look-up, once', async () => {
  const locate = geoReader(folder);
  const path = join(folder, 'country.bin');
  await writeFile(path, encodeGeoFile(readBoundaries(['192.0.2.0,192.0.2.9,FR'], 0)));
  expect((await locate('192.0.2.1')).country).toBe('FR');
  await writeFile(`${path}.new`, 'replaced');
  await rename(`${path}.new`, path);
  expect((await locate('192.0.2.1')).country).toBe('FR');
  expect(error).not.toHaveBeenCalled();
});

test('a file that is cut off while it is open is reported once, and its fields are null', async () => {
  const locate = geoReader(folder);
  expect((await locate('192.0.2.1')).country).toBe('DE');
  await truncate(join(folder, 'country.bin'), 40);
  for (let look = 0; look < 3; look++) {
    expect(await locate('192.0.2.1')).toEqual({ ...NOTHING, isp: 'Example, "Net" AG' });
  }
  expect(unavailable()).toBe(1);
});

test('the folder is the one beside the bundle', () => {
  const before = process.env.LAMBDA_TASK_ROOT;
  process.env.LAMBDA_TASK_ROOT = '/var/task';
  expect(bundledGeoFolder()).toBe('/var/task/geo');
  if (before === undefined) delete process.env.LAMBDA_TASK_ROOT;
  else process.env.LAMBDA_TASK_ROOT = before;
});

describe('the European Union', () => {
  const MEMBERS = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(
    ' ',
  );

  test('has 27 members', () => {
    expect(new Set(MEMBERS).size).toBe(27);
    expect(MEMBERS.filter((country) => !isEuCountry(country))).toEqual([]);
  });

  test.each(['GB', 'NO', 'CH', 'IS', 'LI', 'UA', 'TR', 'US', 'EU', 'RE'])('does not have %s', (country) => {
    expect(isEuCountry(country)).toBe(false);
  });

  test('may or may not include an unknown country', () => {
    expect(isEuCountry(null)).toBeNull();
  });
});
