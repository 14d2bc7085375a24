import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSockets } from '../../../lambdas/deliver/sockets.ts';
import { targetOf } from '../../../lambdas/deliver/target.ts';

beforeEach(() => {
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
});

afterEach(() => {
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
});

test.each([
  ['https://a.example.com./b?c=1', { secure: true, port: 443, servername: 'a.example.com', path: '/b?c=1' }],
  ['http://a.example.com', { secure: false, port: 80, path: '/', host: 'a.example.com' }],
  ['https://[2606:4700::1111]:8443/', { port: 8443, servername: undefined, host: '[2606:4700::1111]:8443' }],
  ['https://8.8.8.8/', { port: 443, servername: undefined, origin: 'https://8.8.8.8' }],
])('%s leads to its host, port and path', (url, target) => {
  expect(targetOf(url)).toMatchObject(target);
});

test.each([['http://10.0.0.1/'], ['https://user@example.com/'], ['ftp://example.com/'], ['no URL']])(
  '%s leads nowhere',
  (url) => {
    expect(targetOf(url)).toBeUndefined();
  },
);

test('a URL is checked once per invocation, and again in the next one', () => {
  const url = 'http://127.0.0.1/hook';
  const sockets = openSockets();
  const target = sockets.targetOf(url);
  expect(target).toMatchObject({ hostname: '127.0.0.1' });
  expect(sockets.targetOf(url)).toBe(target);
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  expect(openSockets().targetOf(url)).toBeUndefined();
});
