import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { geoReader, type Location } from '../../lambdas/redirect/geo.ts';
import { buildGeoData, readBoundaries } from '../../lib/geo-data.ts';

const MAX_BYTES = 12_000_000;

let folder: string;
let locate: (address: string) => Promise<Location>;
let builtBytes: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geo-data-'));
  builtBytes = await buildGeoData(folder);
  locate = geoReader(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe('addresses of large networks', () => {
  test.each([
    ['76.102.10.1', 'US', /^Comcast/],
    ['2601:640:8000::1', 'US', /^Comcast/],
    ['174.192.0.1', 'US', /^Verizon/],
    ['2600:1700::1', 'US', /^AT&T/],
    ['87.128.10.1', 'DE', /^Deutsche Telekom/],
    ['2003:c0::1', 'DE', /^Deutsche Telekom/],
    ['90.1.10.1', 'FR', /^Orange/],
    ['2a01:cb00::1', 'FR', /^Orange/],
    ['86.128.10.1', 'GB', /^British Telecom/],
    ['2a00:23c4:1::1', 'GB', /^British Telecom/],
    ['101.160.1.1', 'AU', /^Telstra/],
    ['2001:8003:1::1', 'AU', /^Telstra/],
    ['180.0.1.1', 'JP', /^NTT/],
    ['2400:4050:1::1', 'JP', /^NTT/],
    ['177.32.0.1', 'BR', /^Claro/],
    ['2409:4000::1', 'IN', /^Reliance Jio/],
    ['85.0.0.1', 'CH', /^Swisscom/],
    ['8.8.8.8', 'US', /^Google/],
    ['2001:4860:4860::8888', 'US', /^Google/],
    ['2606:4700:4700::1111', 'US', /^Cloudflare/],
  ])('%s is in %s and the name says who owns it (%s)', async (address, country, isp) => {
    expect(await locate(address)).toMatchObject({ country, isp: expect.stringMatching(isp) });
  });

  test.each(['10.0.0.1', '127.0.0.1', '192.168.1.1', '203.0.113.5', '::1', 'fe80::1', '2001:db8::1'])(
    '%s, which belongs to no network, is unknown',
    async (address) => {
      expect(await locate(address)).toEqual({ country: null, is_eu_country: null, isp: null });
    },
  );
});

describe('the files', () => {
  test('are the two that the reader opens, and small enough for a bundle', async () => {
    const names = await readdir(folder);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    expect(names.sort()).toEqual(['country.bin', 'isp.bin']);
    expect(sizes.reduce((total, size) => total + size, 0)).toBe(builtBytes);
    expect(builtBytes).toBeLessThanOrEqual(MAX_BYTES);
  });
});

describe('ranges', () => {
  test('that share a /64 make it unknown rather than wrong', () => {
    const lines = ['2001:db8::,2001:db8:0:1::7,DE', '2001:db8:0:1::8,2001:db8:0:2:ffff:ffff:ffff:ffff,FR'];
    expect(readBoundaries(lines, 0).v6).toEqual([
      { start: 0x20010db8_00000000n, text: 'DE' },
      { start: 0x20010db8_00000001n, text: '' },
      { start: 0x20010db8_00000002n, text: 'FR' },
      { start: 0x20010db8_00000003n, text: '' },
    ]);
  });

  test('within one /64 are left out', () => {
    expect(readBoundaries(['2001:db8::1,2001:db8::ffff,DE'], 0)).toEqual({ v4: [], v6: [] });
  });

  test('that overlap: the one that starts later wins', () => {
    const lines = ['192.0.2.0,192.0.2.127,DE', '192.0.2.64,192.0.2.191,FR'];
    expect(readBoundaries(lines, 0).v4).toEqual([
      { start: 0xc0000200n, text: 'DE' },
      { start: 0xc0000240n, text: 'FR' },
      { start: 0xc00002c0n, text: '' },
    ]);
  });

  test('with the same start have one boundary there', () => {
    const lines = ['192.0.2.0,192.0.2.127,DE', '192.0.2.0,192.0.2.63,FR'];
    expect(readBoundaries(lines, 0).v4.map(({ start, text }) => [start, text])).toEqual([
      [0xc0000200n, 'FR'],
      [0xc0000240n, ''],
    ]);
  });

  test('take no more space when they touch and have the same text', () => {
    const parts = readBoundaries(['192.0.2.128,192.0.2.255,DE', '192.0.2.0,192.0.2.127,DE'], 0);
    expect(parts).toEqual(readBoundaries(['192.0.2.0,192.0.2.255,DE'], 0));
  });

  test.each(['192.0.2.9,192.0.2.1,DE', '192.0.2.0,2001:db8::,DE', 'first,last,country'])(
    'that are malformed stop the build (%s)',
    (line) => {
      expect(() => readBoundaries([line], 0)).toThrow(line);
    },
  );
});
