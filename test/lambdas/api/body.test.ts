import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { handle } from '../../../lambdas/api/api.ts';
import { parseForm } from '../../../lambdas/api/form.ts';
import { ClientError } from '../../../lambdas/errors.ts';
import { runs } from '../../full-runs.ts';
import { call } from '../call.ts';
import { engineTable, KEY } from '../engine-table.ts';

engineTable();

const route = jest.fn(async (request: { sent: unknown }) => ({ status: 200, body: request.sent ?? null }));
const handler = handle({ routes: {}, description: 'A call' }, route as never);
const FORM = 'application/x-www-form-urlencoded';

beforeEach(() => {
  route.mockClear();
});

/** Sends bytes as the gateway passes on types that are not text. */
const send = (bytes: string | Buffer, headers: Record<string, string> = { 'content-type': FORM }) =>
  call(handler, {
    method: 'POST',
    headers,
    body: Buffer.from(bytes as string).toString('base64'),
    isBase64Encoded: true,
  });
/** Sends a body as the gateway passes on text types: bytes that are not UTF-8 are replaced. */
const sendText = (bytes: Buffer, type = 'application/json') =>
  call(handler, {
    method: 'POST',
    headers: { 'content-type': type, 'content-length': String(bytes.length) },
    body: bytes.toString('utf8'),
  });

/** The value of a form, or why it is rejected. Any other error is a bug. */
function formOrError(fields: [string, string][]) {
  try {
    return parseForm(String(new URLSearchParams(fields)));
  } catch (error) {
    if (error instanceof ClientError && error.status === 400) return error;
    throw error;
  }
}

describe('a form', () => {
  test.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['webhooks[]=a&webhooks[]=b', { webhooks: ['a', 'b'] }],
    ['webhooks[]=a', { webhooks: ['a'] }],
    ['webhooks%5B%5D=a&webhooks%5b%5d=b', { webhooks: ['a', 'b'] }],
    ['webhooks[0]=a&webhooks[1]=b', { webhooks: ['a', 'b'] }],
    ['webhooks[1]=b&webhooks[0]=a', { webhooks: ['a', 'b'] }],
    ['webhooks[1]=a&webhooks[3]=b', { webhooks: [null, 'a', null, 'b'] }],
    ['a[3]=a&b=1', { a: [null, null, null, 'a'], b: '1' }],
    ['webhooks.0=a&webhooks.1=b', { webhooks: ['a', 'b'] }],
    ['ids.=5&excluded_ips.=a', { ids: ['5'], excluded_ips: ['a'] }],
    [
      'rules.0.what=country&rules.0.matches=US&rules[1].what=bot&rules.1[matches]=x',
      {
        rules: [
          { what: 'country', matches: 'US' },
          { what: 'bot', matches: 'x' },
        ],
      },
    ],
    ['user.name=a&og.title=b&a.0=1', { 'user.name': 'a', 'og.title': 'b', 'a.0': '1' }],
    ['webhooks=a&webhooks[]=b', { webhooks: ['a', 'b'] }],
    ['webhooks=a&webhooks=b', { webhooks: ['a', 'b'] }],
    ['webhooks[]=a%26b%3D%5B%5D+c', { webhooks: ['a&b=[] c'] }],
    ['ids[]=5', { ids: ['5'] }],
    ['ids=5', { ids: '5' }],
    ['webhooks[]=', { webhooks: [null] }],
    ['rules[]=+', { rules: [null] }],
    ['a[]=', { a: [''] }],
    [
      'rules[0][what]=country&rules[0][matches]=US&rules[1][what]=bot',
      { rules: [{ what: 'country', matches: 'US' }, { what: 'bot' }] },
    ],
    ['rules[][what]=country&rules[][matches]=US', { rules: [{ what: 'country', matches: 'US' }] }],
    ['rules=%5B%7B%22what%22%3A%22bot%22%7D%5D', { rules: '[{"what":"bot"}]' }],
    ['a[b][c][d]=1', { a: { b: { c: { d: '1' } } } }],
    ['name=50%&note=100%+of%zz', { name: '50%', note: '100% of%zz' }],
    ['name=Caf%C3%A9&note=é', { name: 'Café', note: 'é' }],
    ['=x&&a=1', { a: '1' }],
    ['a', { a: '' }],
    ['a=1&__proto__[x]=1', { a: '1', ['__proto__']: '1' }],
    ['a=1&__proto__=1', { a: '1', ['__proto__']: '1' }],
    ['constructor[prototype][x]=1&a=1', { constructor: { prototype: { x: '1' } }, a: '1' }],
    ['a[__proto__][x]=1&b=1', { a: {}, b: '1' }],
    ['toString=1&hasOwnProperty[]=1&a=1', { toString: '1', hasOwnProperty: ['1'], a: '1' }],
    ['\ufeffa=1', { a: '1' }],
    ['%EF%BB%BFa=1&%EF%BB%BFb=2', { a: '1', '\ufeffb': '2' }],
    ['%ef%bb%bfwebhooks[]=a', { webhooks: ['a'] }],
  ])('%j becomes %j', async (form, body) => {
    expect(JSON.stringify((await send(form)).body)).toBe(JSON.stringify(body));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test.each([
    ['a[=1', 'brackets'],
    ['a]=1', 'brackets'],
    ['a[b=1', 'brackets'],
    ['a[b]]=1', 'brackets'],
    ['a[[b]]=1', 'brackets'],
    ['a[0]b=1', 'brackets'],
    ['x=1&[]=1', 'no name before its brackets'],
    ['[scopes]=x', 'no name before its brackets'],
    [' [0]=x&a=1', 'no name before its brackets'],
    ['%5Bscopes%5D=x', 'no name before its brackets'],
    ['[a][b]=x', 'no name before its brackets'],
    ['webhooks[0]=a&webhooks[0]=b', 'appears 2 times'],
    ['webhooks.0=a&webhooks[0]=b', 'appears 2 times'],
    ['rules[0][what]=bot&rules[0][what]=bot', 'appears 2 times'],
    ['a[b]=1&a[b]=2&a[b]=3', 'appears 3 times'],
    ['webhooks.1000=a', 'index above 999'],
    ['rules[0][what=1', 'brackets'],
    ['a[999999999]=1', 'index above 999'],
    ['a[1000]=1', 'index above 999'],
    ['a[99999999999999999999]=1', 'index above 999'],
    [`a${'[b]'.repeat(6)}=1`, 'more than 5 pairs'],
    [`a${'[]'.repeat(50_000)}=1`, 'more than 5 pairs'],
    ['rules[][what]=a&rules[][url]=b&rules[][what]=c&rules[][url]=d', 'Number its entries'],
    [Array(2_001).fill('a=1').join('&'), 'more than 2000 fields'],
    [Array.from({ length: 10_000 }, (_, index) => `a${index}=1`).join('&'), 'more than 2000 fields'],
    ['a=%E9', 'not UTF-8'],
    ['%E9=1', 'not UTF-8'],
    ['a=%ED%A0%80', 'not UTF-8'],
  ])('that is malformed is rejected (case %#)', async (form, reason) => {
    const answer = await send(form);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'malformed_body', error: expect.stringMatching(/\. [A-Z]/) },
    });
    expect(answer.body.error).toContain(reason);
    expect(answer.body.error.length).toBeLessThan(200);
    expect(route).not.toHaveBeenCalled();
  });

  test('with any field names is read or rejected', () => {
    const key = fc.constantFrom('a', 'b', '0', '1', '999', '1000', '__proto__', 'constructor', 'length', '');
    const name = fc.oneof(
      fc
        .tuple(key, fc.array(key, { maxLength: 7 }))
        .map(([root, more]) => root + more.map((one) => `[${one}]`).join('')),
      fc.string({ unit: fc.constantFrom('[', ']', 'a', '0', '.', '%'), maxLength: 12 }),
    );
    const forms = fc.array(fc.tuple(name, fc.string()), { maxLength: 30 });
    fc.assert(
      fc.property(forms, (fields) => {
        expect(formOrError(fields)).not.toBeUndefined();
        expect(({} as { a?: unknown }).a).toBeUndefined();
      }),
      { numRuns: runs(1_000, 200) },
    );
  });

  test('that is read loses none of its values', () => {
    const key = fc.constantFrom('a', 'b', '0', '1', '7', '999', '');
    const name = fc
      .tuple(fc.constantFrom('a', 'b'), fc.array(key, { maxLength: 4 }))
      .map(([root, more]) => root + more.map((one) => `[${one}]`).join(''));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const fields = names.map((one, index): [string, string] => [one, `value-${index}.`]);
        const form = formOrError(fields);
        fc.pre(!(form instanceof ClientError));
        const read = JSON.stringify(form);
        expect(fields.filter(([, value]) => !read.includes(value))).toEqual([]);
      }),
      { numRuns: runs(2_000, 300) },
    );
  });

  test('with the most fields allowed is read quickly', async () => {
    for (const name of ['a[]', 'a', 'a[0][]', 'a[b]']) {
      const form = Array(2_000).fill(`${name}=1`).join('&');
      const start = performance.now();
      expect((await send(form)).status).toBeLessThan(500);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});

describe('a body', () => {
  const text = { 'content-type': 'text/plain' };
  const json = { 'content-type': 'application/json' };

  test.each([
    ['JSON with a byte order mark', '\ufeff{"a":"é"}', json],
    ['JSON of an unnamed type', '{"a":"é"}', {}],
    ['JSON as text', ' {"a":"é"}', text],
    ['JSON as XML', '{"a":"é"}', { 'content-type': 'application/xml' }],
    ['JSON as a form with a byte order mark', '\ufeff{"a":"é"}', { 'content-type': FORM }],
    ['JSON with a character set', '{"a":"é"}', { 'content-type': 'application/json; charset="UTF-8"' }],
    ['JSON with its only character set', '{"a":"é"}', { 'content-type': 'application/json;charset=utf8' }],
    ['ASCII alone', '{"a":"\\u00e9"}', { 'content-type': 'application/json; charset=ISO-8859-1' }],
    ['an identity', '{"a":"é"}', { ...json, 'content-encoding': 'identity' }],
    ['a character set as its encoding', '{"a":"é"}', { ...json, 'content-encoding': 'utf-8' }],
    ['UTF-8 in capitals as its encoding', '{"a":"é"}', { ...json, 'content-encoding': 'UTF8' }],
    ['a transfer encoding as its encoding', '{"a":"é"}', { ...json, 'content-encoding': '8bit' }],
  ])('of %s is read', async (_title, body, headers) => {
    expect(await send(body, headers)).toMatchObject({ status: 200, body: { a: 'é' } });
  });

  test.each([
    '{"__proto__":{"x":1},"a":1}',
    '{"\\u005f_proto__":{"x":1},"a":1}',
    '{"constructor":{"prototype":{"x":1}},"a":1}',
    '{"a":{"__proto__":{"x":1},"b":1}}',
    '[{"__proto__":1,"a":1}]',
  ])('%s has ordinary members and changes no prototype', async (body) => {
    expect(JSON.stringify((await send(body, json)).body)).toBe(JSON.stringify(JSON.parse(body)));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test.each([
    [
      'a form that calls itself multipart',
      '--x\r\n\r\n',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    ['gzip', gzipSync('{"a":1}'), { ...json, 'content-encoding': 'gzip' }],
    ['Brotli', '{"a":1}', { ...json, 'content-encoding': 'BR' }],
    ['deflate', '{"a":1}', { ...json, 'content-encoding': 'deflate' }],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }],
    [
      'Latin-1',
      Buffer.from('{"a":"é"}', 'latin1'),
      { 'content-type': 'application/json; charset=iso-8859-1' },
    ],
    ['a form of no type', 'url=https%3A%2F%2Fexample.com%2F', {}],
    ['XML', '<url>https://example.com/</url>', { 'content-type': 'application/xml' }],
    ['plain text', 'https://example.com/', text],
  ])('of %s is a 415 that says what to send', async (_title, body, headers) => {
    expect(await send(body, headers)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type', error: expect.stringMatching(/\. Send/) },
    });
    expect(route).not.toHaveBeenCalled();
  });

  test.each([
    ['Latin-1', Buffer.from('{"a":"Café"}', 'latin1')],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['a character that is cut off', Buffer.from('{"a":"\u{1f600}"}').subarray(0, 9)],
  ])('in %s is a 400 that says so', async (_title, bytes) => {
    for (const answer of [
      await send(bytes, json),
      await sendText(Buffer.concat([bytes, Buffer.from([0xff])])),
    ]) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'malformed_body', error: expect.stringContaining('not UTF-8') },
      });
    }
    expect(route).not.toHaveBeenCalled();
  });

  test('that really contains U+FFFD is read', async () => {
    expect(await sendText(Buffer.from('{"a":"\ufffd"}'))).toMatchObject({ body: { a: '\ufffd' } });
    expect(await send('{"a":"\ufffd"}', json)).toMatchObject({ body: { a: '\ufffd' } });
  });

  test.each(['{', '{"a":1,}', '{"a" 1}', "{'a':1}", '[', '{"a":NaN}', `${'['.repeat(500_000)}`, '"', 'nope'])(
    'is rejected when it is malformed JSON (case %#)',
    async (body) => {
      expect(await send(body, json)).toMatchObject({
        status: 400,
        body: { error: 'The body is not valid JSON. Check its quotes, commas and brackets.' },
      });
    },
  );

  test('that is nested too deeply is a 400 that says so', async () => {
    for (const depth of [50, 98, 101, 1_000, 5_000, 70_000]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
        ['{"__proto__":', '}'],
      ] as const) {
        const body = `{"x":${open.repeat(depth)}1${close.repeat(depth)}}`;
        const answer = await send(body, json);
        if (depth <= 98) expect(answer.status).toBe(200);
        else
          expect(answer).toMatchObject({
            status: 400,
            body: { error: 'The JSON is nested more than 100 levels deep. Send it with fewer levels.' },
          });
      }
    }
    const deepest = '['.repeat(200_000) + ']'.repeat(200_000);
    expect((await send(deepest, json)).body.error).toContain('nested more than 100 levels deep');
  });
});

describe('a query', () => {
  test.each([
    ['page=1&page=2', ['page']],
    ['page=1&page=1', ['page']],
    ['cursor=1&page_size=2&cursor=3&page_size=2', ['cursor', 'page_size']],
    ['url=https://a.example&url=https://b.example', ['url']],
    ['workspace_id=1&workspace_id=1', ['workspace_id']],
    ['%70age=1&page=', ['page']],
    ['_=1&_=2', ['_']],
    ['=1&=2', ['""']],
    [`${'x'.repeat(90)}=1&${'x'.repeat(90)}=1`, [`${'x'.repeat(60)}…`]],
    ['__proto__=1&__proto__=2', ['__proto__']],
  ])('with repeated parameters (case %#) is a 422 that names what is repeated', async (query, names) => {
    const { status, body } = await call(handler, { query });
    expect(status).toBe(422);
    expect(Object.keys(body.errors)).toEqual(names);
    for (const name of names) expect(body.error).toContain(`${name}: must appear only once`);
    expect(route).not.toHaveBeenCalled();
  });

  test.each(['search=%E9', 'api_key=%FF', '%C3=1', 'url=https://example.com/%E9'])(
    'of %s is a 400, because it is not UTF-8',
    async (query) => {
      expect(await call(handler, { query })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining('not UTF-8') },
      });
    },
  );

  test.each(['search=Caf%C3%A9', 'search=100%', 'search=é', 'search=%zz'])('of %s is read', async (query) => {
    expect((await call(handler, { query })).status).toBe(200);
  });
});

describe('a workspace_id in a body', () => {
  test.each([[true], [[1]], [{ id: 1 }]])('of %j is rejected', async (workspace_id) => {
    expect(await call(handler, { method: 'POST', json: { workspace_id } })).toMatchObject({
      status: 422,
      body: { errors: { workspace_id: [expect.stringContaining('must be')] } },
    });
  });

  test.each([1, '1', ' 1 ', null, ''])('of %j means the key’s own workspace', async (workspace_id) => {
    expect((await call(handler, { method: 'POST', json: { workspace_id, api_key: KEY } })).status).toBe(200);
  });

  test.each([2, '2', '01', '1e0', 0])('of %j means another workspace', async (workspace_id) => {
    expect((await call(handler, { method: 'POST', json: { workspace_id } })).status).toBe(404);
  });
});
