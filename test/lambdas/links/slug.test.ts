import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSlug, slugOfPath } from '../../../lambdas/links/slug.ts';
import { slug } from '../../../lambdas/links/slug-field.ts';
import { urlTextProblem } from '../../../lambdas/text.ts';

const BASE_URL = process.env.CLICKHOOK_BASE_URL;
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
    ['/release.notes/x/', '/release.notes/x'],
    ['v1.2', '/v1.2'],
    ['a:b', '/a:b'],
  ])('%s becomes %s', (sent, stored) => {
    expect(saved(sent)).toBe(stored);
  });

  test.each(['//', '///', '////'])('does not consist of several slashes: %s', (sent) => {
    expect(problem(sent)).toMatch(/^must not consist of several slashes/);
  });

  test.each(['%2F', '%2Fsale', '/caf%C3%A9', '%E2%98%83', '/a%20b', '/%25'])(
    'is not percent-encoded: %s',
    (sent) => {
      expect(problem(sent)).toMatch(/^must not be percent-encoded/);
    },
  );

  test.each([
    ...[
      'https://links.example.com/x',
      '/https://links.example.com/x',
      'http:/x',
      'ftp://a/x',
      '//go.example.com',
      '//host:80/x',
    ],
    ...[
      'localhost',
      'localhost/x',
      'localhost:3000',
      'localhost:3000/x',
      '/localhost:3000/x',
      'app.localhost/x',
    ],
    ...[
      '127.0.0.1',
      '127.0.0.1/x',
      '127.0.0.1:3000/x',
      '/127.0.0.1:3000/x',
      '[::1]',
      '[::1]/x',
      '[::1]:3000/x',
      '/[::1]:3000/x',
    ],
    ...[
      '[2001:db8::7]/x',
      '[::ffff:127.0.0.1]/x',
      'www.example.com',
      '/www.example.com',
      'www.firma.de/x',
      'WWW.example.com/x',
    ],
    ...[
      'www.пример.рф',
      'links.example.com:8443/x',
      '//links.example.com:443/x',
      'host.docker.internal:3000',
      'пример.рф:8080/x',
    ],
    ...[
      'example.com/x',
      'go.example.com',
      'go.example.com.',
      'example.org//x',
      'LINKS.EXAMPLE.COM/x',
      'пример.рф/x',
      'xn--e1afmkfd.xn--p1ai/x',
    ],
  ])('does not contain a host: %s', (sent) => {
    expect(problem(sent)).toMatch(/^must not contain a host name\. Send only the path/);
  });

  test.each([
    'firma.link',
    '/firma.link',
    'firma.link/x',
    '/FIRMA.Link/x',
    'firma.link./x',
    'abc123.execute-api.eu-central-1.amazonaws.com/x',
  ])('does not begin with a host of this service: %s', (sent) => {
    process.env.CLICKHOOK_BASE_URL = 'https://firma.link';
    process.env.CLICKHOOK_API_ENDPOINT = 'https://abc123.execute-api.eu-central-1.amazonaws.com';
    try {
      expect(problem(sent)).toMatch(/^must not contain a host name/);
    } finally {
      if (BASE_URL === undefined) delete process.env.CLICKHOOK_BASE_URL;
      else process.env.CLICKHOOK_BASE_URL = BASE_URL;
      delete process.env.CLICKHOOK_API_ENDPOINT;
    }
  });

  test.each([
    ...[
      'release.notes/x',
      'foo.pdf/x',
      'v1.0:2',
      'v2.1/notes',
      'node.js/x',
      'socket.io/docs',
      'jquery.min.js',
      'a:80',
      'chapter:12/x',
    ],
    ...[
      'log.in/x',
      'booking.com',
      'www',
      'www.x',
      '1.2.3',
      '1.2/x',
      'версия.два/x',
      'localhost-setup',
      'local/host',
      'http',
      'https/x',
      'a.b.c',
    ],
  ])('may have dots and colons: %s', (sent) => {
    expect(saved(sent)).toBe(`/${sent}`);
  });

  test.each([
    '/1.2.3.4/notes',
    '/example.com/x',
    '/go.example.com',
    '/localhost',
    '/пример.рф/x',
    '/[draft]',
  ])('may look like a host after a slash: %s', (sent) => expect(saved(sent)).toBe(sent));

  test.each([
    ['/a b', /^must not contain spaces\. Write - or _/],
    ['/a\u00a0b', /U\+00A0 \(no-break space\)/],
    ['/a\u3000b', /U\+3000 \(ideographic space\)/],
    ['/a\tb', /U\+0009 \(tab\)/],
    ['/a\nb', /U\+000A \(line feed\)/],
    ['/a\u2028b', /U\+2028 \(line separator\)/],
    ['/a\u2003b', /U\+2003/],
    ['/a?b', /^must not contain \?, which has a special meaning/],
    ['/a#b', /^must not contain #, /],
    ['/100%', /^must not contain %, /],
    ['/a\\b', /^must not contain \\\. Write \//],
    ['/a//b', /^must not have an empty part/],
    ['//a', /^must not have an empty part/],
    ['/a/../b', /^must not have \. or \.\. as a part/],
    ['/.', /^must not have \. or \.\. as a part/],
    [`/${'a'.repeat(255)}`, /^must be at most 255 characters long/],
    ['/api', /^\/api is used by the service itself\. Choose another/],
    ['/.well-known/x', /used by the service itself/],
    ['/a\ue000b', /^must not contain U\+E000, which not every device/],
    ['/a\u0007b', /invisible character U\+0007\. Delete it/],
  ])('has its error named: %j', (sent, sentence) => {
    expect(problem(sent)).toMatch(sentence);
  });

  test('opens at the path of its address, with any number of slashes at the end', () => {
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

describe('an invisible character', () => {
  test.each([
    ['an emoji of several', '/👩‍💻'],
    ['an emoji with a colour of skin', '/👨🏽‍🚀'],
    ['a flag', '/🏳️‍🌈'],
    ['a flag as some keyboards write it', '/🏳\u200d🌈'],
    ['a family', '/👨‍👩‍👧‍👦'],
    ['a couple with two colours of skin', '/🧑🏿‍❤️‍💋‍🧑🏾'],
    ['a person who walks to the right', '/🚶🏽‍♀️‍➡️'],
    ['a bird of fire', '/🐦‍🔥'],
    ['the flag of Scotland', '/🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['the flag of Wales, within a word', '/go🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}now/x'],
    ['the flag of a country', '/🇩🇪'],
    ['a keycap', '/1️⃣'],
    ['a heart in colour', '/❤️'],
    ['a Han character with a variant', '/葛\u{e0100}'],
    ['a Persian word', '/می‌خواهم'],
    ['two Persian words', '/نمی‌خواهم/خانه‌ها'],
    ['an Arabic letter with a mark', '/بَ‌ب'],
    ['a word of Syriac', '/ܒ‌ܓ'],
    ["a word of N'Ko", '/ߊ‍ߓ'],
    ['a word of Mongolian', '/ᠮ‍ᠣ'],
    ['a word of Hindi', '/क्‍ष'],
    ['a word of Hindi with a non-joiner', '/क्‌ष'],
    ['a word of Malayalam, at its end', '/നന്‍'],
    ['a word of Malayalam, before another part', '/നന്‍/x'],
    ['a word of Bengali', '/র‍্যাব'],
    ['a word of Sinhala', '/ශ්‍රී'],
    ['a word of Kannada', '/ರ್‌ಕ'],
    ['a word of Khmer', '/ក្‌ក'],
  ])('may be part of %s', (_what, text) => {
    expect(saved(text)).toBe(text.normalize('NFC'));
    expect(isSlug(text.normalize('NFC'))).toBe(true);
    expect(urlTextProblem(`https://example.com${text}`)).toBeUndefined();
  });

  const JOINERS = [
    ...[
      '/pro\u200dmo',
      '/pro\u200cmo',
      '/\u200d👩',
      '/a\u200d',
      '/日\u200d本',
      '/日\u200c本',
      '/カ\u200dタ',
      '/한\u200d글',
      '/한\u200c글',
    ],
    ...[
      '/של\u200cום',
      '/של\u200dום',
      '/тес\u200dт',
      '/αβ\u200cγ',
      '/ไท\u200cย',
      '/می‌‌خواهم',
      '/می\u200c',
      '/می\u200d',
      '/می\u200c/x',
      '/\u200cمی',
    ],
    ...[
      '/می\u200ca',
      '/a\u200cمی',
      '/क\u200d',
      '/क\u200dष',
      '/क\u200c',
      '/क्\u200d\u200dष',
      '/©\u200d',
      '/©\u200d®',
      '/👩\u200d',
      '/👩\u200c💻',
    ],
    ...[
      '/😀\u200d😀',
      '/👩\u200d\u200d💻',
      '/👩\u200da',
      '/1\u200d2',
      '/-\u200d-',
      '/ܒ\u200c',
      '/ᠮ\u200d',
      '/😀\u{e0067}\u{e007f}',
      '/\u{e0067}',
    ],
  ];

  test.each(JOINERS)('is rejected where it changes nothing: %j', (text) => {
    expect(problem(text)).toMatch(
      /^must not contain the invisible character U\+(200C \(zero-width non-joiner\)|200D \(zero-width joiner\)|E0067)/,
    );
    expect(isSlug(text)).toBe(false);
    expect(urlTextProblem(`https://example.com${text}`)).toMatch(/invisible/);
  });

  test.each([
    ['/a\u200bb', 'U+200B (zero-width space)'],
    ['/\u200ba', 'U+200B (zero-width space)'],
    ['/a\ufeffb', 'U+FEFF (byte order mark)'],
    ['/a\u2060b', 'U+2060 (word joiner)'],
    ['/a\u00adb', 'U+00AD (soft hyphen)'],
    ['/a\u200eb', 'U+200E (left-to-right mark)'],
    ['/a\u202eb', 'U+202E (right-to-left override)'],
    ['/a\u2066b', 'U+2066 (left-to-right isolate)'],
  ])('is named: %j', (text, name) => {
    expect(problem(text)).toBe(`must not contain the invisible character ${name}. Delete it`);
    expect(isSlug(text)).toBe(false);
  });

  // They open slugs that were stored earlier, and are rejected when a slug is saved.
  test.each([
    ['/a\u3164b', 'U+3164 (Hangul filler)'],
    ['/a\uffa0', 'U+FFA0 (Hangul filler)'],
    ['/a\u034fb', 'U+034F (combining grapheme joiner)'],
    ['/sale\ufe0f', 'U+FE0F (variation selector)'],
    ['/a\u{e0101}', 'U+E0101'],
    ['/a\u2800', 'U+2800 (blank Braille pattern)'],
  ])('without a width is named too: %j', (text, name) => {
    expect(problem(text)).toBe(`must not contain the invisible character ${name}. Delete it`);
  });
});
