import { describe, expect, test } from '@jest/globals';
import { checkHookUrl, isAllowedAddress } from '../../../lambdas/core/egress.ts';

// Each blocked range by its first and last address; then its neighbours that are open.
const BLOCKED = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.1', '127.255.255.255'],
  ['168.63.129.16'],
  ['169.254.0.0', '169.254.79.2', '169.254.169.254', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255', '192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.52.193.255', '192.88.99.1', '192.168.0.0', '192.168.255.255', '192.175.48.0'],
  ['198.18.0.0', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
  ['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1'],
  ['100::1', '100:0:0:1::1', 'fc00::1', 'fd12::1', 'fe80::1', 'fec0::1', 'ff02::1', '4000::1', '8000::1'],
  ['2001::1', '2001:1ff:ffff::1', '2001:db8::1', '2002::1', '2620:4f:8000::1', '3fff::1', '3fff:fff::1'],
  ['', 'localhost', '1.2.3', '1.2.3.4.5', 'x::y', '127.1', '0x7f.0.0.1'],
].flat();
const OPEN = [
  ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ['168.63.129.15', '168.63.129.17', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
  [
    '192.0.1.0',
    '192.0.3.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
  ],
  ['2001:200::1', '2001:db7::1', '2001:db9::1', '2003::1', '2620:4f:8001::1', '2606:4700::1111', '3ffe::1'],
].flat();

test.each(BLOCKED)('%s is never reached', (address) => {
  expect(isAllowedAddress(address, false)).toBe(false);
});

test.each(OPEN)('%s is open', (address) => {
  expect(isAllowedAddress(address, false)).toBe(true);
});

test('the local switch opens loopback and nothing else', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map((address) => isAllowedAddress(address, true))).toEqual([
    true,
    true,
    true,
  ]);
  const others = BLOCKED.filter((address) => !/^127\.\d+\.\d+\.\d+$|^::1$/.test(address));
  expect(others.filter((address) => isAllowedAddress(address, true))).toEqual([]);
});

describe('a hook URL', () => {
  const LONG_LABEL = `${'a'.repeat(64)}.example.com`;
  test.each([
    [undefined],
    [null],
    [7],
    [[]],
    [{}],
    [''],
    ['  '],
    ['hook'],
    ['//example.com/'],
    ['javascript:alert(1)'],
    ['data:text/plain,x'],
    ['ftp://example.com/'],
    ['file:///etc/passwd'],
    ['https://user@example.com/'],
    ['https://:pass@example.com/'],
    ['https://example.com:0/'],
    ['https://localhost/'],
    ['https://LOCALHOST./'],
    ['https://a.localhost/'],
    ['https://printer.local/'],
    ['https://db.internal./'],
    ['https://intranet/'],
    ['https://a..b/'],
    [`https://${LONG_LABEL}/`],
    ['https://127.1/'],
    ['https://2130706433/'],
    ['https://0x7f.1/'],
    ['https://0177.0.0.1/'],
    ['https://①②⑦.0.0.1/'],
    ['https://１２７.0.0.1/'],
    ['https://%31%32%37.0.0.1/'],
    ['https://local\u00ADhost/'],
    ['https://[::1]/'],
    ['https://[::ffff:7f00:1]/'],
    ['https://[fe80::1]/'],
    ['https://10.1.2.3/'],
    [`https://example.com/${'a'.repeat(2_048)}`],
    [`https://example.com/${'é'.repeat(600)}`],
  ])('%j is refused with a sentence', (url) => {
    expect(checkHookUrl(url, { allowLoopback: false })).toEqual({
      problem: expect.stringMatching(/^(must|has) /),
    });
  });

  test.each([
    ['https://Example.COM:443/a/../b?c#d', 'https://example.com/b?c#d'],
    [' https://example.com ', 'https://example.com/'],
    ['http://8.8.8.8:8080/x', 'http://8.8.8.8:8080/x'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
  ])('%j is stored as %j', (url, href) => {
    expect(checkHookUrl(url, { allowLoopback: false })).toMatchObject({ href });
  });

  test('of this very service is refused', () => {
    const ownHosts = ['links.example.com'];
    expect(checkHookUrl('https://LINKS.example.com/api', { allowLoopback: false, ownHosts })).toEqual({
      problem: 'must not lead back to this service',
    });
  });
});
