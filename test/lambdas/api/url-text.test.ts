import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { httpUrl, optionalUrl } from '../../../lambdas/api/http-url.ts';
import { urlTextProblem } from '../../../lambdas/api/url-text.ts';
import { domains } from '../../../lambdas/domains/endpoints.ts';
import { checkHookLines, hookLines } from '../../../lambdas/hooks/hook-list.ts';
import { linkFieldsSchema } from '../../../lambdas/links/fields.ts';
import { workspaceFieldsSchema } from '../../../lambdas/workspaces/fields.ts';

const LINE_BREAKS = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\v', '\f', '\u0085'];
const SPACES = [' ', '\u00a0', '\u3000', '\u2003'];
// NUL, escape, zero-width, word joiner, BOM, soft hyphen, bidi, isolates, tag, filler.
const INVISIBLE = [
  ...['\0', '\u001b', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e', '\u202e'],
  ...['\u2066', '\u{e0041}', '\u3164'],
];
const SEPARATORS = [',', ';', '|', ', ', ' ; ', ' | ', ' ', '\t', ...LINE_BREAKS, ',"', ';\n'];

// Neither commas nor the like in the query: a second URL after one of them is refused, encoded or not is the way out.
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
  test('takes one URL, also one that holds another, and refuses two', () => {
    fc.assert(
      fc.property(cleanUrl, cleanUrl, fc.constantFrom(...SEPARATORS), (one, other, separator) => {
        expect(parse(one).success).toBe(true);
        expect(parse(one + separator + other).success).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('refuses a space or an invisible character, wherever it is in the URL', () => {
    const bad = fc.constantFrom(...LINE_BREAKS, ...SPACES, ...INVISIBLE, '\t');
    fc.assert(
      fc.property(fc.webUrl(), bad, fc.nat(), (url, character, at) => {
        const place = 1 + (at % (url.length - 1));
        expect(parse(url.slice(0, place) + character + url.slice(place)).success).toBe(false);
      }),
    );
  });

  test.each(INVISIBLE)('refuses %j at the end', (character) => {
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
  ])('refuses %s', (url) => {
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

test.each([[''], ['  '], ['\n'], [null]])('%j is no address where none has to be', (value) => {
  expect(optionalUrl.parse(value)).toBeNull();
});

describe('a list of webhooks', () => {
  test.each(LINE_BREAKS)('is cut at %j, in a text and in an element', (lineBreak) => {
    const text = `https://a.example/${lineBreak} https://b.example/`;
    expect(hookLines.parse(text)).toEqual(['https://a.example/', 'https://b.example/']);
    expect(hookLines.parse([text, 'https://c.example/'])).toEqual([
      'https://a.example/',
      'https://b.example/',
      'https://c.example/',
    ]);
  });

  test.each([
    ['https://8.8.8.8/a, https://8.8.8.8/b', /^line 1 must be one URL/],
    ['\nhttps://8.8.8.8/a;https://8.8.8.8/b', /^line 2 must be one URL: a second/],
    ['https://8.8.8.8/a\u200b', /^line 1 must not hold invisible/],
    [['https://8.8.8.8/a\n8.8.8.8 b'], /^line 2 must be one URL, without spaces/],
    ['https://https://8.8.8.8/', /^line 1 must start with https:\/\/ or http:\/\/ once/],
  ])('%j is a 422 that names the line', async (value, sentence) => {
    await expect(checkHookLines(hookLines.parse(value))).rejects.toMatchObject({
      status: 422,
      fields: { webhooks: [expect.stringMatching(sentence)] },
    });
  });
});

test.each(LINE_BREAKS)('excluded addresses are cut at %j too', (lineBreak) => {
  const excluded_ips = ['192.0.2.1', '192.0.2.2'].join(lineBreak);
  expect(workspaceFieldsSchema.parse({ excluded_ips }).excluded_ips).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(workspaceFieldsSchema.parse({ excluded_ips: [excluded_ips] }).excluded_ips).toHaveLength(2);
});

test.each(['\\n', '\\r\\n', '<br>', '•', '·'])('a second URL behind %s is found', (between) => {
  expect(urlTextProblem(`https://example.com/1${between}https://example.com/2`)).toMatch(/a second one/);
});

test.each([
  'https://wa.me/?text=Look%20https://example.com/',
  'https://x.example/?text=Look+https://example.com/',
])('a link that shares another stays one URL: %s', (text) => {
  expect(urlTextProblem(text)).toBeUndefined();
});
