import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sharedWorkspace } from '../shared-stack.ts';
import type { Workspace } from './local-stack.ts';

let stack: Workspace;
let linkId: number;

beforeAll(async () => {
  stack = await sharedWorkspace();
  const { body } = await stack.call('POST', '/link', { url: 'https://example.com/', slug: '/kept' });
  linkId = body.id;
});

/** Everything that the API shows of the workspace. */
async function state(): Promise<string> {
  const parts = await Promise.all(
    [
      '/workspaces',
      `${stack.path}/list_links`,
      `${stack.path}/webhooks`,
      `/link/${linkId}`,
      `/link/${linkId}/webhooks`,
    ].map((path) => stack.call('GET', path)),
  );
  return JSON.stringify(parts);
}

const is4xx = (status: number) => status >= 400 && status < 500;

const WRITES = (id: number): [string, string][] => [
  ['POST', '/link'],
  ['POST', '/links'],
  ['POST', `${stack.path}/links`],
  ['POST', `${stack.path}/links/restore`],
  ['POST', `/link/${id}/webhooks`],
  ['POST', `${stack.path}/webhooks`],
];

test('no bad body causes a 5xx or changes anything, and every response says what to do', async () => {
  const before = await state();
  const bodies = [
    undefined,
    '',
    '{',
    '[]',
    '"text"',
    '7',
    'null',
    '{"__proto__":{"url":"https://x.example/"}}',
    '{"url":7}',
    '{"url":null}',
    '{"url":["https://x.example/"]}',
    '{"url":"javascript:alert(1)"}',
    '{"url":"http://169.254.169.254/"}x',
    `{"url":"https://x.example/${'a'.repeat(5 * 1024 * 1024)}"}`,
    '{"url":"https://"}',
    '{"id":"abc","url":"https://x.example/"}x',
  ];
  for (const [method, path] of WRITES(linkId)) {
    for (const body of bodies) {
      const answer = await stack.call(method, path, body);
      expect({ path, body: body?.slice(0, 60), is4xx: is4xx(answer.status) }).toEqual({
        path,
        body: body?.slice(0, 60),
        is4xx: true,
      });
      expect(answer.body.error.length).toBeGreaterThan(5);
    }
  }
  expect(await state()).toBe(before);
});

test('unknown routes and wrong methods get a JSON response in our own format', async () => {
  expect(await stack.call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'unknown_route' } });
  expect(await stack.call('PUT', '/link')).toMatchObject({
    status: 405,
    body: { code: 'method_not_allowed' },
  });
  expect(await stack.call('GET', '/link/%')).toMatchObject({ status: 404 });
  expect(is4xx((await stack.call('GET', '//link')).status)).toBe(true);
});

test('another workspace, a missing link and a wrong key can be told apart only where they should be', async () => {
  const before = await state();
  const missing = await stack.call('GET', '/link/999999');
  expect(missing).toEqual({ status: 404, body: { error: 'Not found', code: 'not_found' } });
  for (const [method, path] of [
    ['GET', '/workspace/1/webhooks'],
    ['POST', '/workspace/1/webhooks'],
    ['POST', '/workspace/1/links'],
    ['GET', '/workspace/1/list_links'],
    ['DELETE', `/workspace/1/links/${linkId}`],
  ] as const) {
    expect(
      await stack.call(method, path, method === 'POST' ? { url: 'https://x.example/' } : undefined),
    ).toEqual(missing);
  }
  expect(await stack.call('GET', '/workspaces', undefined, { authorization: 'Bearer ck_wrong' })).toEqual({
    status: 401,
    body: { error: 'Not authorized', code: 'unauthorized' },
  });
  expect(await state()).toBe(before);
});

test('a taken or reserved slug is rejected with the reason at the field', async () => {
  for (const slug of ['/kept', '/api/x', '/inbox', '/a b', '/a//b', '/..']) {
    const answer = await stack.call('POST', '/link', { url: 'https://example.com/', slug });
    expect([slug, answer.status]).toEqual([slug, 422]);
    expect(answer.body.errors.slug).toHaveLength(1);
  }
});

describe('a request over HTTP', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const target = 'https://example.com/landing';
  /** Sends a body byte for byte. Without a type, no content type is sent. */
  async function send(
    method: string,
    path: string,
    body: string | Buffer | FormData,
    headers: Record<string, string> = {},
  ) {
    const response = await fetch(`${stack.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${stack.key}`, ...headers },
      body: typeof body === 'string' ? Buffer.from(body) : body,
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }
  const form = (text: string, path = '/link') => send('POST', path, text, { 'content-type': FORM });
  const json = (body: string | Buffer, headers: Record<string, string> = {}) =>
    send('POST', '/link', body, { 'content-type': 'application/json', ...headers });

  test('may be a form with brackets, which become lists and objects', async () => {
    const fields: [string, string][] = [
      ['url', target],
      ['webhooks[]', 'https://hooks.example.com/a'],
      ['webhooks[]', 'https://hooks.example.com/b'],
      ['rules[0][what]', 'country'],
      ['rules[0][matches]', 'US'],
      ['rules[0][url]', `${target}/us`],
      ['cloaking', 'on'],
      ['expiry_clicks', ' 7 '],
      ['utm_source', ' mail '],
    ];
    const sent = { webhooks: [fields[1]?.[1], fields[2]?.[1]].sort(), cloaking: true, expiry_clicks: 7 };
    const raw = fields.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&');
    for (const text of [String(new URLSearchParams(fields)), raw, `\ufeff${raw}`]) {
      const { status, body } = await form(text);
      expect(status).toBe(200);
      expect({ ...body, webhooks: [...body.webhooks].sort() }).toMatchObject({
        ...sent,
        rules: [{ what: 'country', matches: 'US', url: `${target}/us` }],
        utm_source: 'mail',
      });
    }
    const rules = JSON.stringify([{ what: 'country', matches: 'US', url: `${target}/us` }]);
    expect((await form(String(new URLSearchParams({ url: target, rules })))).body.rules).toHaveLength(1);
    const ips = String(
      new URLSearchParams([
        ['excluded_ips[]', '192.0.2.1'],
        ['excluded_ips[]', '192.0.2.2'],
      ]),
    );
    const settings = await send('PATCH', stack.path, ips, { 'content-type': FORM });
    expect(settings.body.excluded_ips).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test.each(['ids[]=ID', 'ids%5B%5D=ID', 'ids[0]=ID', 'ids=ID', 'ids[]=ID&ids[]=ID'])(
    'may be a form of %s to delete',
    async (text) => {
      const { id } = (await form(`url=${encodeURIComponent(target)}`)).body;
      const answer = await send('DELETE', `${stack.path}/links`, text.replaceAll('ID', String(id)), {
        'content-type': FORM,
      });
      expect(answer).toMatchObject({ status: 200, body: { deleted: [id], not_found: [] } });
    },
  );

  test('may be JSON with a byte order mark', async () => {
    expect(await json(`\ufeff{"url":"${target}","name":"Café"}`)).toMatchObject({
      status: 200,
      body: { name: 'Café' },
    });
    const odd = `{"url":"${target}","__proto__":{"name":"x"},"name":"\\ud83d"}`;
    expect(await json(odd)).toMatchObject({ status: 200, body: { name: '\ufffd' } });
  });

  test('in another format is a 4xx that says what to send, and changes nothing', async () => {
    const before = await state();
    const good = `{"url":"${target}"}`;
    const data = new FormData();
    data.set('url', target);
    for (const [answer, reason] of [
      [await json(Buffer.from(`{"url":"${target}","name":"Café"}`, 'latin1')), 'not UTF-8'],
      [await json(Buffer.from(`{"url":"${target}","name":"\u{1f600}`).subarray(0, -1)), 'not UTF-8'],
      [await form(`url=${target}&name=Caf%E9`), 'not UTF-8'],
      [
        await send('POST', '/link', Buffer.from(`url=${target}&name=Café`, 'latin1'), {
          'content-type': FORM,
        }),
        'not UTF-8',
      ],
      [await send('POST', '/link', data), 'multipart'],
      [await json(gzipSync(good), { 'content-encoding': 'gzip' }), 'compressed'],
      [
        await json(Buffer.from(good, 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }),
        'UTF-8',
      ],
      [await send('POST', '/link', `url=${target}`), 'application/x-www-form-urlencoded'],
      [await form(`url=${target}&rules[0=x`), 'brackets'],
      [await form(`url=${target}&webhooks[999999999]=x`), 'index'],
      [await json(`{"url":"${target}","name":"a\\u0000"}`), 'NUL'],
      [await send('POST', `/link?name=%E9`, good), 'not UTF-8'],
    ] as const) {
      expect([answer.body.error, is4xx(answer.status)]).toEqual([expect.stringContaining(reason), true]);
    }
    expect(await state()).toBe(before);
  });

  test('is rejected when it has an option that would be ignored, and creates neither a key nor a webhook', async () => {
    const before = await state();
    const keys = (await stack.call('GET', `${stack.path}/keys`)).body;
    expect(await stack.call('POST', `${stack.path}/keys`, { scopes: ['read'] })).toMatchObject({
      status: 422,
      body: { errors: { scopes: [expect.any(String)] } },
    });
    expect(await form('scopes[]=read', `${stack.path}/keys`)).toMatchObject({ status: 422 });
    for (const owner of [stack.path, `/link/${linkId}`]) {
      const hook = { url: 'https://hooks.example.com/x', enabled: false };
      expect(await stack.call('POST', `${owner}/webhooks`, hook)).toMatchObject({
        status: 422,
        body: { errors: { enabled: [expect.any(String)] } },
      });
    }
    expect((await stack.call('GET', `${stack.path}/keys`)).body).toEqual(keys);
    expect(await state()).toBe(before);
  });

  test('deletes no link that it does not name', async () => {
    const before = await state();
    for (const ids of [true, [true], ['0x1'], ['1e0'], [[1]], [1.5], null, {}]) {
      expect(await stack.call('DELETE', `${stack.path}/links`, { ids })).toMatchObject({ status: 422 });
    }
    expect(await state()).toBe(before);
  });
});
