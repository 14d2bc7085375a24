import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { httpUrl, optionalUrl } from '../../lambdas/api/fields.ts';
import { domains } from '../../lambdas/domains/endpoints.ts';
import { checkHookLines } from '../../lambdas/hooks/check.ts';
import { hookLines } from '../../lambdas/hooks/hook.ts';
import { linkFieldsSchema } from '../../lambdas/links/fields.ts';
import { hookTextProblem, urlTextProblem } from '../../lambdas/text.ts';
import { workspaceFieldsSchema } from '../../lambdas/workspaces/fields.ts';

const LINE_BREAKS = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\v', '\f', '\u0085'];
const SPACES = [' ', '\u00a0', '\u3000', '\u2003'];
// NUL, escape, zero-width, word joiner, BOM, soft hyphen, bidi, isolates, tag, filler.
const INVISIBLE = [
  ...['\0', '\u001b', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e', '\u202e'],
  ...['\u2066', '\u{e0041}', '\u3164'],
];
const SEPARATORS = [',', ';', '|', ', ', ' ; ', ' | ', ' ', '\t', ...LINE_BREAKS, ',"', ';\n'];

// The query contains no commas or similar characters, because a second URL after one is rejected, encoded or not.
const segment = fc.stringMatching(/^[a-zA-Z0-9äß日é😀.~_-]{0,8}$/u);
const cleanUrl = fc
  .tuple(fc.webUrl(), fc.array(segment, { maxLength: 3 }), fc.option(fc.webUrl()))
  .map(([url, path, next]) => `${url}/${path.join('/')}${next ? `?next=${next}` : ''}`);

const FIELDS: [string, (value: string) => { success: boolean; error?: any }][] = [
  ['url', (url) => linkFieldsSchema.safeParse({ url })],
  ['a rule’s url', (url) => linkFieldsSchema.safeParse({ rules: [{ what: 'bot', url }] })],
  ['a rule’s rule_url', (rule_url) => linkFieldsSchema.safeParse({ rules: [{ what: 'bot', rule_url }] })],
  ['expiry_destination', (url) => linkFieldsSchema.safeParse({ expiry_destination: url })],
  ['og_image', (url) => linkFieldsSchema.safeParse({ og_image: url })],
  ['the favicon of a domain', (favicon) => domains.endpoints.favicon.reference.body.safeParse({ favicon })],
];

describe.each(FIELDS)('%s', (_name, parse) => {
  test('accepts one URL, also one that contains another, and rejects two', () => {
    fc.assert(
      fc.property(cleanUrl, cleanUrl, fc.constantFrom(...SEPARATORS), (one, other, separator) => {
        expect(parse(one).success).toBe(true);
        expect(parse(one + separator + other).success).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('rejects a space or an invisible character, wherever it is in the URL', () => {
    const bad = fc.constantFrom(...LINE_BREAKS, ...SPACES, ...INVISIBLE, '\t');
    fc.assert(
      fc.property(fc.webUrl(), bad, fc.nat(), (url, character, at) => {
        const place = 1 + (at % (url.length - 1));
        expect(parse(url.slice(0, place) + character + url.slice(place)).success).toBe(false);
      }),
    );
  });

  test.each(INVISIBLE)('rejects %j at the end', (character) => {
    expect(parse(`https://example.com/${character}`).error.issues[0].message).toContain('invisible');
  });

  test.each([
    'https://https://example.com',
    'http://http//example.com',
    'https:https://example.com',
    'HTTPS://HTTP://example.com',
    'https://www.https://example.com/',
    'https:\\\\https:\\\\example.com',
    '/img/a.png',
    '//cdn.example.com/a.png',
    'data:image/png;base64,AAAA',
    'not a url',
    'javascript:alert(1)',
  ])('rejects %s', (url) => {
    expect(parse(url).error.issues[0].message).toMatch(/^must /);
  });
});

test('a URL is stored as the parser writes it, without the spaces around it', () => {
  fc.assert(
    fc.property(
      cleanUrl,
      fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\u00a0'),
      fc.constantFrom('', ' ', '\n\n', '\u2028'),
      (url, before, after) => {
        expect(httpUrl.parse(before + url + after)).toBe(new URL(url).href);
        expect(optionalUrl.parse(before + url + after)).toBe(new URL(url).href);
      },
    ),
  );
});

test.each([
  ['https://example.com/?next=https://other.example/'],
  ['https://web.archive.org/web/2020/https://example.com/'],
  ['https://images.example/w_300,h_200/https://example.com/a.jpg'],
  ['https://example.com/?urls=https%3A%2F%2Fa.example%2Chttps%3A%2F%2Fb.example'],
  ['https://http.cat/404'],
  ['https://https.example.com/'],
  ['https://bücher.example/straße'],
  ['https://example.com/👩‍💻/🏴󠁧󠁢󠁥󠁮󠁧󠁿/❤️'],
  ['https://fa.wikipedia.org/wiki/می‌خواهم'],
])('%s is one URL', (url) => {
  expect(httpUrl.parse(url)).toBe(new URL(url).href);
});

test.each([[''], ['  '], ['\n'], [null]])('%j means no URL where none is required', (value) => {
  expect(optionalUrl.parse(value)).toBeNull();
});

describe('a list of webhooks', () => {
  test.each(LINE_BREAKS)('is split at %j, in text and in an element', (lineBreak) => {
    const text = `https://a.example/${lineBreak} https://b.example/`;
    expect(hookLines().parse(text)).toEqual(['https://a.example/', 'https://b.example/']);
    expect(hookLines().parse([text, 'https://c.example/'])).toEqual([
      'https://a.example/',
      'https://b.example/',
      'https://c.example/',
    ]);
  });

  test.each([
    ['https://8.8.8.8/a, https://8.8.8.8/b', /^line 1 must be one URL/],
    ['\nhttps://8.8.8.8/a;https://8.8.8.8/b', /^line 2 must be one URL, but it contains two URLs/],
    ['https://8.8.8.8/a\u200b', /^line 1 must not contain invisible/],
    [['https://8.8.8.8/a\n8.8.8.8 b'], /^line 2 must be one URL without spaces/],
    ['https://https://8.8.8.8/', /^line 1 must start with https:\/\/ or http:\/\/ once/],
  ])('%j is a 422 that names the line', async (value, sentence) => {
    await expect(checkHookLines(hookLines().parse(value))).rejects.toMatchObject({
      status: 422,
      fields: { webhooks: [expect.stringMatching(sentence)] },
    });
  });
});

test.each(LINE_BREAKS)('excluded addresses are split at %j too', (lineBreak) => {
  const excluded_ips = ['192.0.2.1', '192.0.2.2'].join(lineBreak);
  expect(workspaceFieldsSchema.parse({ excluded_ips }).excluded_ips).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(workspaceFieldsSchema.parse({ excluded_ips: [excluded_ips] }).excluded_ips).toHaveLength(2);
});

test.each(['\\n', '\\r\\n', '<br>', '•', '·'])('a second URL after %s is found', (between) => {
  expect(urlTextProblem(`https://example.com/1${between}https://example.com/2`)).toMatch(/contains two URLs/);
});

test.each([
  'https://wa.me/?text=Look%20https://example.com/',
  'https://x.example/?text=Look+https://example.com/',
])('a link that shares another URL stays one URL: %s', (text) => {
  expect(urlTextProblem(text)).toBeUndefined();
});

/** What host names must not contain, but the URL parser accepts. */
const NO_HOSTS = [
  ...[
    'a.com,b.com',
    'h.example.com"',
    "h.example.com'",
    '*',
    '*.example.com',
    '{}',
    '{host}.example.com',
    '$host.example',
  ],
  ...[
    'a.com;b.com',
    'a.com&b.com',
    'a.com+b.com',
    '(example.com)',
    'example.com!',
    '~example.com',
    '`example.com`',
  ],
  ...['a=b.example', 'example..com', '.example.com', `${'a'.repeat(64)}.example`],
];

describe.each(FIELDS)('the host of %s', (_name, parse) => {
  test.each(NO_HOSTS)('is not %s', (host) => {
    expect(parse(`https://${host}/`).error.issues[0].message).toMatch(/^(must have|has) a host /);
  });

  test.each([
    'example.com.',
    'a_b.example',
    'a-b.example',
    'xn--bcher-kva.example',
    '日本.example',
    '[2606:4700::1]',
    '8.8.8.8',
    'intranet',
  ])('may be %s', (host) => expect(parse(`https://${host}/`).success).toBe(true));
});

describe('the URL of a webhook', () => {
  const saved = (line: string) => checkHookLines([line]);
  const refusedFor = (sentence: RegExp) => ({ fields: { webhooks: [expect.stringMatching(sentence)] } });

  test.each(NO_HOSTS)('has no host such as %s', async (host) => {
    await expect(saved(`https://${host}/`)).rejects.toMatchObject(
      refusedFor(/^line 1 (must have|has) a host /),
    );
  });

  test.each([
    '%0A',
    '%0D',
    '%0d%0a',
    '%0A%0A',
    '+',
    '%20',
    '%2C',
    '%3B',
    '%7C',
    '&',
    '/',
    '',
    '#',
    ',',
    ';',
    '|',
    '.',
    '-',
    '_',
    '\\n',
  ])('is not two URLs, joined by %j', async (between) => {
    for (const one of [
      'https://8.8.8.8/1',
      'https://8.8.8.8/1?key=2',
      'https://8.8.8.8/1?next=https://8.8.4.4/3',
    ]) {
      for (const other of ['https://8.8.8.8/2', 'HTTP://8.8.8.8/2'])
        await expect(saved(one + between + other)).rejects.toMatchObject(
          refusedFor(/^line 1 must be one URL, but it contains two/),
        );
    }
  });

  test.each([
    'https://a.com,https://b.com',
    'https://a.comhttps://b.com',
    'https://a.com+https://b.com/',
    'https://a.com%2Chttps://b.com',
    'https://8.8.8.8/1%0Ahttps%3A%2F%2F8.8.8.8/2',
  ])('is reported as two URLs: %s', (text) => {
    expect(hookTextProblem(text)).toMatch(/contains two URLs/);
  });

  test.each([
    'https://8.8.8.8/?forward=https://8.8.4.4/a',
    'https://8.8.8.8/?a=1&u=https://8.8.4.4/a?b=http://8.8.4.4/c',
    'https://8.8.8.8/?https://8.8.4.4/a',
    'https://8.8.8.8/?a=1&u=https%3A%2F%2F8.8.4.4%2Fa',
    'https://8.8.8.8/?urls=https%3A%2F%2F8.8.4.4%2Fa%0Ahttps%3A%2F%2F8.8.4.4%2Fb',
    'https://8.8.8.8/relay/https%3A%2F%2F8.8.4.4%2Fa',
    'https://8.8.8.8/https/http',
    'https://8.8.8.8/1+2%0A3',
  ])('may contain another as a parameter or encoded: %s', async (url) => {
    await expect(saved(url)).resolves.toEqual([url]);
  });

  test.each([',', ';', ' ,', ',;', ', '])('may be followed by %j in a list', async (end) => {
    await expect(
      checkHookLines(hookLines().parse(`https://8.8.8.8/a${end}\nhttps://8.8.8.8/b${end}`)),
    ).resolves.toEqual(['https://8.8.8.8/a', 'https://8.8.8.8/b']);
  });
});

test.each([
  'https://wa.me/?text=Look%0Ahttps://example.com/',
  'https://wa.me/?text=Look%20https://example.com/%20and%20https://example.com/2',
  'https://x.example/?u=a+https://example.com/',
  'https://x.example/?url=https://example.com/',
  'https://web.archive.org/web/2020/https://example.com/',
])('a destination that shares another URL stays one URL: %s', (url) => {
  expect(httpUrl.parse(url)).toBe(new URL(url).href);
});

test.each([
  'https://a.com,https://b.com',
  'https://a.com;https://b.com',
  'https://a.comhttps://b.com',
  'https://a.com+https://b.com',
  'https://a.com/1%0Ahttps://b.com/2',
  'https://a.com/1%0D%0Ahttps://b.com/2',
])('a destination of two URLs is reported as such: %s', (text) => {
  expect(httpUrl.safeParse(text).error?.issues[0]?.message).toMatch(/contains two URLs/);
});
