import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSlug, slugOfPath } from '../../../lambdas/links/slug.ts';
import { slug } from '../../../lambdas/links/slug-field.ts';

const saved = (text: string) => slug.safeParse(text).data;
const problem = (text: string) => slug.safeParse(text).error?.issues[0]?.message;

describe('a slug that is saved', () => {
  test.each([
    ['/promo/', '/promo'],
    ['promo/', '/promo'],
    ['/summer/sale//', '/summer/sale'],
    [' /promo/ ', '/promo'],
    ['/', '/'],
    ['/v1.2/notes', '/v1.2/notes'],
    ['/example.com/x', '/example.com/x'],
    ['v1.2', '/v1.2'],
    ['a:b', '/a:b'],
  ])('%s becomes %s', (sent, stored) => {
    expect(saved(sent)).toBe(stored);
  });

  test('does not consist of slashes', () => {
    expect(problem('//')).toMatch(/^must not consist of slashes/);
  });

  test.each([
    'localhost:3000/x',
    '/localhost:3000/x',
    'localhost:3000',
    'localhost/x',
    'https://links.example.com/x',
    '/https://links.example.com/x',
    'http:/x',
    'links.example.com/x',
    'links.example.com:8443/x',
    'LINKS.EXAMPLE.COM/x',
    '//links.example.com:443/x',
  ])('holds no host: %s', (sent) => {
    expect(problem(sent)).toMatch(/^must not contain a host name: send only the path/);
  });

  test('opens at the path that its address has, with any number of slashes at the end', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'Z', '9', '-', '.', 'é', 'e\u0301', '日', '👩‍💻', 'می‌خ'),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(3), (parts, slashes) => {
        const sent = `/${parts.join('/')}`;
        const stored = saved(sent);
        if (typeof stored !== 'string') return;
        expect(isSlug(stored)).toBe(true);
        const { pathname } = new URL(`https://links.example.com${encodeURI(stored)}${'/'.repeat(slashes)}`);
        expect(slugOfPath(decodeURIComponent(pathname))).toBe(stored);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a zero-width joiner', () => {
  test.each([
    ['an emoji of several', '/👩‍💻'],
    ['an emoji with a colour of skin', '/👨🏽‍🚀'],
    ['a flag', '/🏳️‍🌈'],
    ['a Persian word', '/می‌خواهم'],
    ['a word of Hindi', '/क्‍ष'],
    ['a word of Malayalam, at its end', '/നന്‍'],
    ['a word of Bengali', '/র‍্যাব'],
    ['a word of Sinhala', '/ශ්‍රී'],
  ])('belongs to %s', (_what, text) => {
    expect(saved(text)).toBe(text);
  });

  test.each([
    ['a joiner between Latin letters', '/pro\u200dmo'],
    ['a non-joiner between Latin letters', '/pro\u200cmo'],
    ['a joiner at the beginning', '/\u200d👩'],
    ['two of them in a row', '/می‌‌خواهم'],
    ['a zero-width space', '/a\u200bb'],
    ['a byte order mark', '/a\ufeffb'],
    ['a word joiner', '/a\u2060b'],
    ['a soft hyphen', '/a\u00adb'],
    ['a mark of direction', '/a\u200eb'],
    ['an override of direction', '/a\u202eb'],
    ['an isolate of direction', '/a\u2066b'],
    ['a line separator', '/a\u2028b'],
  ])('and what looks like one is rejected elsewhere: %s', (_what, text) => {
    expect(problem(text)).toMatch(/^may hold letters, digits/);
    expect(isSlug(text)).toBe(false);
  });
});
