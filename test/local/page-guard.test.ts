import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { otherPageRefusal, pageGuard } from '../../local/cross-site.ts';
import { createInbox } from '../../local/inbox.ts';

type Headers = Record<string, string>;
let server: Server;
let port: number;

/** A gateway with only these routes. It answers 204 to requests that none of them handles. */
beforeAll(async () => {
  const routes = [createInbox(), pageGuard('/api/')];
  server = createServer(async (incoming, response) => {
    const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
    for (const route of routes) if (await route(incoming, path, Buffer.from('{}'), response)) return;
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(method: string, path: string, headers: Headers = {}) {
  const sent = request({ port, host: '127.0.0.1', method, path, headers }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode as number, body };
}

/** The headers of the dashboard's own page, opened by any name of this machine. */
const OWN_PAGE: Headers[] = [
  { host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' },
  { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' },
  { host: '[::1]:3000', origin: 'http://[::1]:3000' },
  { host: 'go.localhost:3000', origin: 'http://go.localhost:3000' },
];
const PROGRAM: Headers[] = [{}, { host: '192.168.1.7:3000' }, { host: 'my-machine.example:3000' }];
const OTHER_PAGE: Headers[] = [
  { host: 'localhost:3000', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { host: 'localhost:3000', origin: 'null' },
  { host: 'localhost:3000', origin: 'http://localhost:8080' },
  { host: 'localhost:3000', origin: 'http://127.0.0.1:3000' },
  { host: 'localhost:3000', 'sec-fetch-site': 'same-site' },
  { host: 'localhost:3000', 'sec-fetch-site': 'cross-site' },
];
/** A page whose own name points to this machine (DNS rebinding). To its browser, everything is the same origin. */
const REBOUND: Headers[] = [
  { host: 'evil.example:3000', origin: 'http://evil.example:3000', 'sec-fetch-site': 'same-origin' },
  { host: '127.0.0.1.nip.io:3000', origin: 'http://127.0.0.1.nip.io:3000' },
];

describe('a change with the default key', () => {
  test.each([...OWN_PAGE, ...PROGRAM])('may come from a program or the dashboard: %j', async (headers) => {
    expect(otherPageRefusal(headers)).toBeUndefined();
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT'])
      expect((await ask(method, '/api/v1/link', headers)).status).toBe(204);
  });

  test.each([...OTHER_PAGE, ...REBOUND])('must not come from another page: %j', async (headers) => {
    expect(otherPageRefusal(headers)).toEqual(expect.any(String));
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT']) {
      const { status, body } = await ask(method, '/api/v1/link', headers);
      expect([status, JSON.parse(body)]).toEqual([
        403,
        { error: otherPageRefusal(headers), code: 'foreign_page' },
      ]);
    }
  });

  test.each(OTHER_PAGE)('is protected, and nothing else is: %j', async (headers) => {
    for (const [method, path] of [
      ['GET', '/api/v1/link/1'],
      ['OPTIONS', '/api/v1/link'],
      ['POST', '/hello'],
    ] as const)
      expect((await ask(method, path, headers)).status).toBe(204);
  });
});

describe('the inbox', () => {
  const shown = async () =>
    JSON.parse((await ask('GET', '/inbox')).body).map(({ path }: { path: string }) => path);

  test.each(['/inbox', '/inbox/'])(
    'is shown at a name of this machine, and at no other: %s',
    async (path) => {
      for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'api.localhost'])
        expect((await ask('GET', path, { host })).status).toBe(200);
      for (const host of [
        'evil.example:3000',
        '127.0.0.1.nip.io',
        '192.168.1.7:3000',
        'localhost.evil.example',
      ]) {
        for (const accept of ['application/json', 'text/html', 'text/event-stream']) {
          const { status, body } = await ask('GET', path, { host, accept });
          expect(status).toBe(403);
          expect(JSON.parse(body).message).toMatch(/^Only programs on this machine/);
        }
      }
    },
  );

  test('records requests of programs, whatever their host, and none of a web page', async () => {
    for (const headers of [...OTHER_PAGE, ...REBOUND])
      expect((await ask('POST', '/inbox/page', headers)).status).toBe(403);
    expect((await ask('POST', '/inbox/hook', { host: 'hooks.example.com' })).status).toBe(200);
    expect(await shown()).toEqual(['/inbox/hook']);
  });
});
