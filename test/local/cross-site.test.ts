import { describe, expect, test } from '@jest/globals';
import { crossSiteRefusal, foreignRefusal } from '../../local/cross-site.ts';

const HOST = { host: 'localhost:3000' };

/** Headers that a web page's request has, and unusual ones that no program sends. */
const FOREIGN: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://localhost:8080' },
  { origin: 'http://localhost:3000' },
  { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'Cross-Site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': '' },
  { 'sec-fetch-site': 'same-origin, cross-site' },
  { 'sec-fetch-site': 'anything else' },
];
const OWN: Record<string, string>[] = [
  {},
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-mode': 'cors' },
  { referer: 'https://evil.example/' },
];

describe('a request that may come from a web page', () => {
  test.each(FOREIGN)('is rejected: %j', (headers) => {
    expect(crossSiteRefusal(headers)).toMatch(/^Web pages must not send this request/);
    expect(foreignRefusal({ ...HOST, ...headers })).toMatch(/^Web pages must not send this request/);
  });

  test.each(OWN)('is distinguished from one of a program: %j', (headers) => {
    expect(crossSiteRefusal(headers)).toBeUndefined();
    expect(foreignRefusal({ ...HOST, ...headers })).toBeUndefined();
  });
});

describe('the host of a request for programs on this machine', () => {
  test.each([
    'localhost',
    'LOCALHOST:3000',
    'localhost.:3000',
    'api.localhost:3000',
    '127.0.0.1:3000',
    '127.1.2.3',
    '[::1]:3000',
    '[::ffff:127.0.0.1]:3000',
  ])('may be %s', (host) => {
    expect(foreignRefusal({ host })).toBeUndefined();
  });

  test.each([
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example:3000',
    '127.0.0.1.nip.io',
    'evillocalhost:3000',
    'localhost:3000@evil.example',
    'localhost/evil.example',
    '192.168.1.7:3000',
    '10.0.0.1',
    '0.0.0.0:3000',
    '[::]:3000',
    '128.0.0.1',
    '',
  ])('must not be %j', (host) => {
    expect(foreignRefusal({ host })).toMatch(/^Only programs on this machine/);
  });

  test('must not be missing', () => {
    expect(foreignRefusal({})).toMatch(/^Only programs on this machine/);
  });
});
