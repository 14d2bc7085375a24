import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalFunction } from '../../local/functions.ts';
import { type Served, startGateway } from '../../local/gateway.ts';
import { createInbox } from '../../local/inbox.ts';
import { createRouter } from '../../local/routes.ts';
import { StackError } from '../../local/stack-error.ts';

let served: Served;
let server: Server;
let port: number;
let events: any[];
let result: Awaited<ReturnType<LocalFunction['invoke']>>;

const echo: LocalFunction = {
  name: 'EchoFunction1A2B',
  invoke: async (event) => {
    events.push(event);
    return result;
  },
  close: async () => undefined,
};

beforeAll(async () => {
  served = { routes: undefined, functions: new Map([[echo.name, echo]]), extra: [], accessLog: undefined };
  ({ server, port } = await startGateway(served, '127.0.0.1', 0));
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

beforeEach(() => {
  events = [];
  result = { value: { statusCode: 200, body: 'ok' } };
  served.routes = createRouter([
    ['$default', echo],
    ['GET /hooks/{id+}', echo],
  ]);
  served.extra = [];
});

/** Sends a request target unchanged, because fetch would normalise it. */
async function send(path: string, { method = 'GET', headers = {}, body = '' as string | Buffer } = {}) {
  const sent = request({ port, host: '127.0.0.1', path, method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

describe('an event', () => {
  test('has the format of payload 2.0, without absent fields', async () => {
    await send('/a%20b');
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a b',
      rawQueryString: '',
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'GET', path: '/a b', sourceIp: '127.0.0.1' },
        stage: '$default',
        timeEpoch: expect.any(Number),
      },
    });
    for (const absent of ['body', 'cookies', 'queryStringParameters', 'pathParameters'])
      expect(events[0]).not.toHaveProperty(absent);
  });

  test('keeps the raw query, and joins repeated parameters in the map', async () => {
    await send('/x?a=1&a=2&b=%2B+&c');
    expect(events[0]).toMatchObject({
      rawQueryString: 'a=1&a=2&b=%2B+&c',
      queryStringParameters: { a: '1,2', b: '+ ', c: '' },
    });
  });

  test('has cookies separate from the headers, which are lower case', async () => {
    await send('/x', { headers: { Cookie: 'a=1; b=2', 'X-Mixed': 'Yes' } });
    expect(events[0].cookies).toEqual(['a=1', 'b=2']);
    expect(events[0].headers).toMatchObject({ 'x-mixed': 'Yes' });
    expect(events[0].headers).not.toHaveProperty('cookie');
  });

  test.each([
    [
      '/hooks/https%3A%2F%2Fa.example%2Fx%3Fsecret%3D1',
      '/hooks/https:/a.example/x',
      { id: 'https:/a.example/x' },
    ],
    ['//double//slash', '/double/slash', undefined],
    ['/100%', '/100%', undefined],
    ['/100%25', '/100%', undefined],
  ])('of %s has the path %s', async (target, rawPath, pathParameters) => {
    await send(target);
    expect(events[0].rawPath).toBe(rawPath);
    expect(events[0].pathParameters).toEqual(pathParameters);
  });

  test.each([
    ['application/json', '{"a":"é"}', false],
    ['text/plain', 'é', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', 'x', true],
  ])('with a body of %s contains it', async (type, body, isBase64Encoded) => {
    await send('/x', { method: 'POST', headers: { 'content-type': type }, body });
    expect(events[0].isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(events[0].body, isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(body);
  });

  test('with a text body that is not UTF-8 contains its bytes', async () => {
    const body = Buffer.from('{"a":"é"}', 'latin1');
    await send('/x', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(events[0].isBase64Encoded).toBe(true);
    expect(Buffer.from(events[0].body, 'base64')).toEqual(body);
  });
});

describe('a response', () => {
  test('has its status, headers, cookies and base64 body', async () => {
    result = {
      value: {
        statusCode: 418,
        headers: { 'x-a': 'b' },
        cookies: ['a=1', 'b=2'],
        body: 'b2s=',
        isBase64Encoded: true,
      },
    };
    expect(await send('/x')).toMatchObject({
      status: 418,
      text: 'ok',
      headers: { 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  test('without a status is JSON', async () => {
    result = { value: { any: 1 } };
    expect(await send('/x')).toMatchObject({ status: 200, text: '{"any":1}' });
  });

  test.each([
    [
      'a function that fails',
      500,
      'Internal Server Error',
      () => {
        result = { error: { errorType: 'Error', errorMessage: 'secret' } };
      },
      {},
    ],
    [
      'a stack that starts or stops',
      503,
      'Service Unavailable',
      () => {
        served.routes = undefined;
      },
      {},
    ],
    [
      'no route',
      404,
      'Not Found',
      () => {
        served.routes = createRouter([]);
      },
      {},
    ],
    [
      'a head over 10,240 bytes',
      431,
      'Request Header Fields Too Large',
      () => undefined,
      { headers: { 'x-long': 'x'.repeat(10_240) } },
    ],
    [
      'a body over 10 MB',
      413,
      'Request Entity Too Large',
      () => undefined,
      { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) },
    ],
    [
      'an event over 6 MB',
      413,
      'Request Entity Too Large',
      () => undefined,
      { method: 'POST', body: 'x'.repeat(6 * 1024 * 1024) },
    ],
  ])('to %s is the gateway’s own', async (_title, status, message, arrange, options) => {
    arrange();
    const answer = await send('/x', options);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { message }]);
  });
});

/** Headers that only a browser sends for a page of another origin. */
const OF_A_PAGE: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
];

describe('the Invoke API', () => {
  const invoke = (name: string, body: string, headers = {}) =>
    send(`/2015-03-31/functions/${name}/invocations`, { method: 'POST', body, headers });

  test.each([...OF_A_PAGE, { host: 'evil.example:3000' }])(
    'invokes nothing for a web page: %j',
    async (headers) => {
      for (const name of ['Echo', 'Nobody']) {
        const { status, text } = await invoke(name, '{}', headers);
        expect([status, JSON.parse(text)]).toEqual([
          403,
          {
            Type: 'User',
            Message: expect.stringMatching(/^(Web pages must not|Only programs on this machine)/),
          },
        ]);
      }
      expect(events).toEqual([]);
    },
  );

  test('allows no preflight request of a web page', async () => {
    served.routes = createRouter([]);
    const path = '/2015-03-31/functions/Echo/invocations';
    const { headers } = await send(path, { method: 'OPTIONS', headers: OF_A_PAGE[0] });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(events).toEqual([]);
  });

  test('accepts the calls of an AWS SDK', async () => {
    result = { value: { id: 1 } };
    const own = { 'user-agent': 'aws-sdk-js/3', authorization: 'AWS4-HMAC-SHA256 Credential=x' };
    for (const host of ['localhost', '127.0.0.1', `localhost:${port}`]) {
      expect((await invoke('Echo', '{}', { ...own, host })).status).toBe(200);
    }
  });

  test('runs a function by a part of its name', async () => {
    result = { value: { id: 1 } };
    expect(await invoke('Echo', '{"a":1}')).toMatchObject({ status: 200, text: '{"id":1}' });
    expect(events).toEqual([{ a: 1 }]);
  });

  test('responds as Lambda does when the function fails, is unknown or gets no JSON', async () => {
    expect((await invoke('Nobody', '{}')).status).toBe(404);
    expect((await invoke('Echo', '{')).status).toBe(400);
    result = { error: { errorType: 'Error', errorMessage: 'x' } };
    expect(await invoke('Echo', '')).toMatchObject({
      status: 200,
      headers: { 'x-amz-function-error': 'Unhandled' },
    });
  });
});

describe('the inbox', () => {
  beforeEach(() => {
    served.extra = [createInbox()];
  });
  const shown = async () => JSON.parse((await send('/inbox')).text);

  test('shows recorded requests, newest first, and at most the last 100', async () => {
    for (let n = 1; n <= 101; n++) await send(`/inbox/x?n=${n}`, { method: 'POST', body: `{"n":${n}}` });
    const requests = await shown();
    expect(requests).toHaveLength(100);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/inbox/x', query: 'n=101', body: { n: 101 } });
    expect(requests[99].body).toEqual({ n: 2 });
    expect(events).toEqual([]);
  });

  test.each(OF_A_PAGE)('records nothing from a web page: %j', async (headers) => {
    for (const method of ['POST', 'GET', 'PUT']) {
      const { status, text } = await send('/inbox/x', { method, headers });
      expect([status, JSON.parse(text)]).toEqual([
        403,
        { message: expect.stringMatching(/^Web pages must not/) },
      ]);
    }
    expect(await shown()).toEqual([]);
  });

  test('opens from a link on any page', async () => {
    expect((await send('/inbox', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  test('shows a page to people, in which no recorded text can end the data element', async () => {
    const hostile = '"></script><script>alert(1)</script><!--<img src=x onerror=alert(1)>';
    await send(`/inbox/${encodeURIComponent(hostile)}`, {
      method: 'POST',
      body: JSON.stringify({ hostile }),
    });
    const { text, headers } = await send('/inbox', { headers: { accept: 'text/html' } });
    expect(headers['content-type']).toContain('text/html');
    expect(headers['content-security-policy']).toMatch(/script-src 'sha256-[\w+/=]+'; connect-src 'self'/);
    const stored = /<script type="application\/json" id="stored">([^<]*)<\/script>/.exec(text)?.[1] ?? '';
    expect(JSON.parse(stored)[0].body).toEqual({ hostile });
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text).not.toMatch(/<img|<!--/);
  });
});

test('a port in use is one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const used = (other.address() as AddressInfo).port;
  const attempt = startGateway(served, '127.0.0.1', used);
  await expect(attempt).rejects.toThrow(
    new StackError(`Port ${used} is in use. Stop the program that uses it, or set PORT to another port.`),
  );
  other.close();
});
