import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allowedAddresses,
  checkHookUrl,
  EgressRefused,
  isAllowedAddress,
  NameUnresolved,
} from '../../../lambdas/deliver/egress.ts';
import { checkHookUrlToSave } from '../../../lambdas/hooks/check.ts';
import { type DnsServer, startDnsServer } from '../../end-to-end/dns-server.ts';

// The first and the last address of each blocked range, then the allowed addresses next to it.
const BLOCKED = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.1', '127.255.255.255'],
  ['168.63.129.16'],
  ['169.254.0.0', '169.254.79.2', '169.254.169.254', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255', '192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255', '192.52.193.0', '192.52.193.255', '192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255', '192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255', '198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
  ['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::808:808', '64:ff9b:1::1'],
  ['100::1', '100:0:0:1::1', 'fc00::1', 'fd12::1', 'fe80::1', 'fec0::1', 'ff02::1', '4000::1', '8000::1'],
  [
    '2001::1',
    '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db8::1',
    '2002::1',
    '2620:4f:8000::1',
    '3fff::1',
    '3fff:fff::1',
  ],
  ['::ffff:0:0', '::808:808', '64:ff9b::', '64:ff9b:1:ffff::1', 'fdff::1', 'febf::1', 'feff::1', 'ffff::1'],
  ['2001:db8:ffff::1', '2002:ffff::1', '2620:4f:8000:ffff::1', '1fff:ffff::1', 'fe80::1%eth0'],
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
  ['192.31.195.255', '192.31.197.0', '192.52.192.255', '192.52.194.0', '192.88.98.255', '192.88.100.0'],
  ['192.175.47.255', '192.175.49.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0'],
  ['2001:200::1', '2001:db7::1', '2001:db9::1', '2003::1', '2620:4f:8001::1', '2606:4700::1111', '3ffe::1'],
  ['2000::', '2001:db7:ffff::1', '2003::', '2620:4f:7fff::1', '3fff:1000::1'],
].flat();

test.each(BLOCKED)('%s is never reached', (address) => {
  expect(isAllowedAddress(address, false)).toBe(false);
});

test.each(OPEN)('%s is allowed', (address) => {
  expect(isAllowedAddress(address, false)).toBe(true);
});

test('the local switch allows loopback and nothing else', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map((address) => isAllowedAddress(address, true))).toEqual([
    true,
    true,
    true,
  ]);
  const others = BLOCKED.filter((address) => !/^127\.\d+\.\d+\.\d+$|^::1$/.test(address));
  expect(others.filter((address) => isAllowedAddress(address, true))).toEqual([]);
});

describe('a webhook URL', () => {
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
    ['https://example..com/'],
    ['https://example.com../'],
    ['https://com./'],
    ['https://local/'],
    ['https://a.b.localhost./'],
    ['https://127.0.0.1./'],
    ['https://0/'],
    ['https://0x7f000001/'],
    ['https://[0:0:0:0:0:ffff:127.0.0.1]/'],
    ['https://[::127.0.0.1]/'],
    ['https://[64:ff9b::7f00:1]/'],
    ['https://169.254.169.254/latest/meta-data'],
    ['http://127.0.0.1:9001/2018-06-01/runtime'],
    ['https://ｌｏｃａｌｈｏｓｔ/'],
    ['https://user:@example.com/'],
    ['https:///'],
    ['ws://example.com/'],
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
  ])('%j is rejected with a sentence', (url) => {
    expect(checkHookUrl(url, false)).toEqual({
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
    expect(checkHookUrl(url, false)).toMatchObject({ href });
  });

  test.each([
    ['http://127.0.0.1:3000/inbox/a'],
    ['http://127.9.9.9/'],
    ['http://[::1]:8080/'],
    ['http://localhost:3000/inbox/clicks'],
    ['https://a.b.localhost./'],
  ])('%s is accepted with the local switch', (url) => {
    expect(checkHookUrl(url, true)).toMatchObject({ href: url });
  });

  test.each([
    ['http://10.0.0.1/'],
    ['http://0.0.0.0/'],
    ['http://[::]/'],
    ['http://intranet/'],
    ['http://a.local/'],
  ])('%s stays forbidden with the local switch', (url) => {
    expect(checkHookUrl(url, true).problem).toBeDefined();
  });
});

describe('a webhook URL of this service itself', () => {
  afterEach(() => {
    delete process.env.CLICKHOOK_BASE_URL;
    delete process.env.CLICKHOOK_API_ENDPOINT;
  });

  test.each([
    ['https://LINKS.example.com/api'],
    ['http://links.example.com:8080/'],
    ['https://links.example.com./'],
    ['https://abc123.execute-api.eu-west-1.amazonaws.com/sale'],
  ])('%s is rejected', (url) => {
    process.env.CLICKHOOK_BASE_URL = 'https://links.example.com';
    process.env.CLICKHOOK_API_ENDPOINT = 'https://abc123.execute-api.eu-west-1.amazonaws.com';
    const refused = { problem: 'must not point to this service itself' };
    expect([checkHookUrl(url, false), checkHookUrl(url, true)]).toEqual([refused, refused]);
    expect(checkHookUrl('https://example.com/', false).problem).toBeUndefined();
  });

  test('is accepted locally, where this machine also serves the inbox', () => {
    process.env.CLICKHOOK_BASE_URL = 'http://localhost:3000';
    expect(checkHookUrl('http://localhost:3000/inbox/clicks', true).problem).toBeUndefined();
  });
});

describe('a host name', () => {
  let dns: DnsServer;

  beforeAll(async () => {
    dns = await startDnsServer();
    process.env.CLICKHOOK_DNS_SERVERS = dns.address;
    dns.zones.set('both.example.com', ['2606:4700::1111', '8.8.8.8', '8.8.4.4']);
    dns.zones.set('hanging.example.com', 'hang');
    dns.zones.set('private.example.com', ['10.0.0.1']);
  });

  afterAll(async () => {
    delete process.env.CLICKHOOK_DNS_SERVERS;
    await dns.close();
  });

  test('returns all its addresses, IPv4 first', async () => {
    expect(await allowedAddresses('both.example.com')).toEqual(['8.8.8.8', '8.8.4.4', '2606:4700::1111']);
  });

  test.each([
    [['10.0.0.1']],
    [['8.8.8.8', '10.0.0.1']],
    [['8.8.8.8', '::ffff:10.0.0.1']],
    [['8.8.8.8', 'fd00::1']],
    [['2606:4700::1111', '169.254.169.254']],
    [['127.0.0.1']],
    [['::1']],
  ])('with the addresses %j is rejected', async (addresses) => {
    dns.zones.set('mixed.example.com', addresses);
    await expect(allowedAddresses('mixed.example.com')).rejects.toThrow(EgressRefused);
    expect(await checkHookUrlToSave('https://mixed.example.com/')).toEqual({
      problem: 'must not point to a private or reserved address',
    });
  });

  test('that does not exist or gets no answer is unresolved in time, and accepted when a webhook is saved', async () => {
    await expect(allowedAddresses('missing.example.com')).rejects.toThrow(NameUnresolved);
    // Each limit is at most 2 s. Without a limit, the look-up would take 20 s and more.
    const startMs = performance.now();
    await expect(allowedAddresses('hanging.example.com')).rejects.toThrow(NameUnresolved);
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(dns.asked('hanging.example.com')).toBe(1);
    const savedMs = performance.now();
    expect((await checkHookUrlToSave('https://hanging.example.com/x')).problem).toBeUndefined();
    expect(performance.now() - savedMs).toBeLessThan(10_000);
    expect((await checkHookUrlToSave('https://missing.example.com/x')).problem).toBeUndefined();
  });

  test('is not looked up when its URL is rejected already or is an address', async () => {
    await checkHookUrlToSave('https://user@private.example.com/');
    await checkHookUrlToSave('https://8.8.8.8/');
    expect(dns.asked('private.example.com')).toBe(0);
  });

  test('that answers slowly is waited for, also after many that answered at once', async () => {
    for (let n = 0; n < 10; n++) await allowedAddresses('both.example.com');
    dns.zones.set('slow.example.com', ['8.8.8.8']);
    dns.delaysMs.set('slow.example.com', 1_200);
    expect(await allowedAddresses('slow.example.com')).toEqual(['8.8.8.8']);
  });
});
