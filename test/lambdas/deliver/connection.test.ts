import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { getCACertificates, type SecureVersion, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { post } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import {
  type Authority,
  type Certificate,
  createAuthority,
  selfSigned,
} from '../../end-to-end/certificates.ts';
import { type DnsServer, startDnsServer } from '../../end-to-end/dns-server.ts';
import { GIVEN_UP_MS } from '../../given-up.ts';
import { PAYLOAD, startRawReceiver } from './raw-receiver.ts';

let dns: DnsServer;
let authority: Authority;
let sockets: Sockets;
const servers: (Server | HttpServer | TcpServer)[] = [];
const usualCertificates = getCACertificates('default');

beforeAll(async () => {
  dns = await startDnsServer();
  authority = await createAuthority();
  setDefaultCACertificates([...usualCertificates, authority.cert]);
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
  process.env.CLICKHOOK_DNS_SERVERS = dns.address;
});

afterAll(async () => {
  setDefaultCACertificates(usualCertificates);
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  delete process.env.CLICKHOOK_DNS_SERVERS;
  await Promise.all([dns.close(), authority.remove()]);
});

beforeEach(() => {
  sockets = openSockets();
});

afterEach(async () => {
  await sockets.close();
  for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen<S extends Server | HttpServer | TcpServer>(server: S, address = '127.0.0.1', port = 0) {
  servers.push(server);
  await once(server.listen(port, address), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A receiver with TLS. @returns its port, the requested Host headers and SNI names, and its connections */
async function tlsReceiver(certificate: Certificate, options: ServerOptions = {}) {
  const asked: { host: string | undefined; sni: string | false | null }[] = [];
  const server = createHttpsServer({ ...certificate, ...options }, (request, response) => {
    const { servername } = request.socket as unknown as { servername: string | false | null };
    asked.push({ host: request.headers.host, sni: servername });
    request.resume().once('end', () => response.writeHead(204).end());
  });
  const taken = new Set<unknown>();
  server.on('connection', (socket) => taken.add(socket)).on('tlsClientError', () => undefined);
  return { port: await listen(server), asked, sockets: taken };
}

const outcomeOf = async (url: string) => (await post(url, '{}', sockets)).outcome;

describe('a host', () => {
  test('keeps its name in Host and SNI while the connection goes to the checked address', async () => {
    dns.zones.set('hooks.example.com', ['127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['hooks.example.com']));
    const outcome = await outcomeOf(`https://hooks.example.com:${port}/`);
    expect(outcome).toEqual({ kind: 'delivered', status: 204 });
    expect(asked).toEqual([{ host: `hooks.example.com:${port}`, sni: 'hooks.example.com' }]);
  });

  test('whose name ends in a dot is verified without the dot', async () => {
    dns.zones.set('dotted.example.com', ['127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['dotted.example.com']));
    expect(await outcomeOf(`https://dotted.example.com.:${port}/`)).toMatchObject({ kind: 'delivered' });
    expect(asked).toEqual([{ host: `dotted.example.com.:${port}`, sni: 'dotted.example.com' }]);
  });

  test('that is an IP address is verified as that address', async () => {
    const { port } = await tlsReceiver(await authority.issue(['127.0.0.1']));
    expect(await outcomeOf(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'delivered', status: 204 });
  });

  test('is connected to at the next address when the first does not accept the connection', async () => {
    dns.zones.set('two.example.com', ['127.0.0.2', '127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['two.example.com']));
    expect(await outcomeOf(`https://two.example.com:${port}/`)).toMatchObject({ kind: 'delivered' });
    expect(asked).toHaveLength(1);
  });

  test('is connected to at the next address in time when the first accepts the connection and stays silent', async () => {
    dns.zones.set('mute.example.com', ['127.0.0.2', '127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['mute.example.com']));
    const mute = createTcpServer((socket) => socket.resume());
    await listen(mute, '127.0.0.2', port);
    const connected = once(mute, 'connection');
    expect(await outcomeOf(`https://mute.example.com:${port}/`)).toMatchObject({ kind: 'delivered' });
    await connected;
    expect(asked).toHaveLength(1);
  });

  test('gets no second try at its next address once a byte of the request was written', async () => {
    let written = 0;
    const first = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
    const port = await listen(first, '127.0.0.2');
    const second = createTcpServer(() => written++);
    await listen(second, '127.0.0.1', port);
    dns.zones.set('breaks.example.com', ['127.0.0.2', '127.0.0.1']);
    const outcome = await outcomeOf(`http://breaks.example.com:${port}/`);
    expect(outcome).toEqual({ kind: 'failed', reason: 'connect' });
    expect(written).toBe(0);
  });

  test('is looked up once for all deliveries of an invocation, and again in the next one', async () => {
    const { port, asked } = await tlsReceiver(await authority.issue(['many.example.com']));
    dns.zones.set('many.example.com', ['127.0.0.1']);
    const url = `https://many.example.com:${port}/`;
    await Promise.all(Array.from({ length: 20 }, () => outcomeOf(url)));
    expect([asked.length, dns.asked('many.example.com')]).toEqual([20, 1]);
    const next = openSockets();
    await post(url, '{}', next);
    await next.close();
    expect(dns.asked('many.example.com')).toBe(2);
  });

  test.each([
    ['leads to a private address since it was saved', ['10.0.0.1']],
    ['has a private address among public ones', ['127.0.0.1', '169.254.169.254']],
  ])('that %s receives nothing', async (_title, addresses) => {
    let connections = 0;
    const port = await listen(createTcpServer(() => connections++));
    dns.zones.set('moved.example.com', addresses);
    expect(await outcomeOf(`http://moved.example.com:${port}/`)).toEqual({ kind: 'refused' });
    expect(connections).toBe(0);
  });

  test.each([['missing' as const], ['hang' as const]])(
    'whose name is %s fails with the reason dns',
    async (zone) => {
      dns.zones.set('nowhere.example.com', zone);
      expect(await outcomeOf('https://nowhere.example.com/')).toEqual({ kind: 'failed', reason: 'dns' });
    },
  );
});

describe('a certificate', () => {
  const HOST = 'tls.example.com';
  const expired = () => authority.issue([HOST], new Date(Date.now() - 60_000));
  test.each([
    ['that has expired', expired],
    ['of another host', () => authority.issue(['other.example.com'])],
    ['that nobody vouches for', () => selfSigned(HOST)],
  ])('%s receives nothing', async (_title, certificate) => {
    dns.zones.set(HOST, ['127.0.0.1']);
    const { port, asked } = await tlsReceiver(await certificate());
    const careless = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    Object.assign(process.env, careless);
    const outcome = await outcomeOf(`https://${HOST}:${port}/`);
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    expect(outcome).toEqual({ kind: 'failed', reason: 'tls' });
    expect(asked).toEqual([]);
  });
});

describe('a server that ends TLS before it responds fails with the reason tls:', () => {
  const demand = { requestCert: true, rejectUnauthorized: true };
  const versions: SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
  test.each<[string, ServerOptions]>([
    ...versions.map((version): [string, ServerOptions] => [
      `it demands a certificate of ours, by ${version}`,
      { ...demand, minVersion: version, maxVersion: version },
    ]),
    [
      'it speaks an old version only',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    ],
    ['it shares no cipher', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }],
    ['it speaks HTTP/2 only', { ALPNProtocols: ['h2'] }],
  ])('%s', async (_title, options) => {
    const { port, asked, sockets: taken } = await tlsReceiver(await authority.issue(['127.0.0.1']), options);
    const url = `https://127.0.0.1:${port}/`;
    const failed = { kind: 'failed', reason: 'tls' };
    expect(await outcomeOf(url)).toEqual(failed);
    // Runs several at once, because alerts and requests can cross each other in many ways.
    const many = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(url)));
    expect(many).toEqual(many.map(() => failed));
    expect([asked.length, taken.size]).toEqual([0, 21]);
  });

  test('it does not use TLS to respond', async () => {
    const { port } = await tlsReceiver(await authority.issue(['127.0.0.1']));
    const middle = createTcpServer((socket) => {
      const behind = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined).once('close', () => behind.destroy());
      behind.on('error', () => undefined).pipe(socket);
      // With TLS 1.3, our side considers the handshake over once our second message is written.
      socket.once('data', (hello) => {
        behind.write(hello);
        socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
      });
    });
    expect(await outcomeOf(`https://127.0.0.1:${await listen(middle)}/`)).toEqual({
      kind: 'failed',
      reason: 'tls',
    });
  });
});

test('a server that accepts the connection and never speaks TLS is given up after 5 s, and its socket is closed', async () => {
  const server = createTcpServer((socket) => socket.resume());
  const port = await listen(server);
  const [connection, outcome] = await Promise.all([
    once(server, 'connection'),
    outcomeOf(`https://127.0.0.1:${port}/`),
  ]);
  expect(outcome).toEqual({ kind: 'failed', reason: 'timeout' });
  const [socket] = connection;
  if (!socket.closed) await once(socket, 'close');
});

/** A server that keeps a list of its connections. */
type Counted = { server: HttpServer; url: string; open: Set<Socket>; all: number };

async function counted(answer: Parameters<typeof createHttpServer>[1]): Promise<Counted> {
  const server = createHttpServer(answer);
  const one: Counted = { server, url: '', open: new Set(), all: 0 };
  server.on('connection', (socket) => {
    one.all++;
    one.open.add(socket);
    socket.once('close', () => {
      one.open.delete(socket);
      server.emit('gone');
    });
  });
  one.url = `http://127.0.0.1:${await listen(server)}/`;
  return one;
}

async function allGone({ server, open }: Counted): Promise<void> {
  while (open.size > 0) await once(server, 'gone');
}

async function postWhole(url: string): Promise<unknown> {
  const { outcome, over } = await post(url, PAYLOAD, sockets);
  await over;
  return outcome;
}

test('idle sockets to other hosts are closed when the limit is reached', async () => {
  await sockets.close();
  sockets = openSockets(3);
  const first = await counted((_request, response) => response.end());
  const second = await counted((_request, response) => response.end());
  await Promise.all([postWhole(first.url), postWhole(first.url), postWhole(first.url)]);
  expect(first.open.size).toBe(3);
  await Promise.all([postWhole(second.url), postWhole(second.url)]);
  while (first.open.size > 1) await once(first.server, 'gone');
  expect([first.open.size, second.open.size]).toEqual([1, 2]);
});

test('a response of 16 KB keeps its socket, and a longer one closes it', async () => {
  const short = await counted((_request, response) => response.end(Buffer.alloc(16 * 1024)));
  const long = await counted((_request, response) => response.end(Buffer.alloc(100 * 1024)));
  for (const { url } of [short, short, long, long]) {
    expect(await postWhole(url)).toEqual({ kind: 'delivered', status: 200 });
  }
  expect([short.all, long.all]).toEqual([1, 2]);
});

test('an endless body costs its socket and nothing else', async () => {
  let sent = 0;
  const endless = await counted((_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024;
    };
    response.on('drain', write);
    write();
  });
  expect(await postWhole(endless.url)).toEqual({ kind: 'delivered', status: 200 });
  await allGone(endless);
  // Buffers on both sides of the connection hold some megabytes, which is little of an endless body.
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});

test('a body that arrives in drips loses its socket after 5 s', async () => {
  const dripping = await counted((_request, response) => {
    response.write('x');
    const drip = setInterval(() => response.write('x'), 100);
    response.once('close', () => clearInterval(drip));
  });
  const startMs = performance.now();
  expect(await postWhole(dripping.url)).toEqual({ kind: 'delivered', status: 200 });
  expect(performance.now() - startMs).toBeLessThan(GIVEN_UP_MS.most);
  await allGone(dripping);
});

test('a compressed body is not decompressed', async () => {
  const bomb = await counted((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1_000 });
    response.end(Buffer.alloc(1_000));
  });
  expect(await postWhole(bomb.url)).toEqual({ kind: 'delivered', status: 200 });
});

test('closing ends all sockets: hanging, draining, idle and connecting ones', async () => {
  const hanging = await counted(() => undefined);
  const draining = await counted((_request, response) => response.writeHead(200).write('more to come'));
  const idle = await counted((_request, response) => response.end());
  await postWhole(idle.url);
  const drains = await post(draining.url, '{}', sockets);
  const hangs = post(hanging.url, '{}', sockets);
  await once(hanging.server, 'request');
  await sockets.close();
  expect((await hangs).outcome).toEqual({ kind: 'failed', reason: 'connect' });
  await drains.over;
  await Promise.all([hanging, draining, idle].map(allGone));
});

test('a name that is resolved after closing is not connected to', async () => {
  const target = await counted((_request, response) => response.end());
  dns.zones.set('late.example.com', ['127.0.0.1']);
  dns.delaysMs.set('late.example.com', 300);
  const late = outcomeOf(target.url.replace('127.0.0.1', 'late.example.com'));
  await dns.whenAsked('late.example.com', 1);
  await sockets.close();
  expect(await late).toEqual({ kind: 'failed', reason: 'connect' });
  expect(target.all).toBe(0);
});

describe('a socket that its server has closed is replaced, and no delivery is lost:', () => {
  const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const DELIVERED = { kind: 'delivered', status: 200 };

  test.each([
    ['with the answer', (socket: Socket) => socket.end(OK)],
    ['whole, with the answer', (socket: Socket) => socket.end(OK).destroySoon()],
    ['by a reset after the answer', (socket: Socket) => socket.write(OK, () => socket.resetAndDestroy())],
  ])('%s', async (_title, answer) => {
    const target = await startRawReceiver(answer);
    for (let index = 0; index < 5; index++) expect(await postWhole(target.url)).toEqual(DELIVERED);
    await target.close();
    expect([target.requests, target.connections.length]).toEqual([5, 5]);
  });

  test.each([
    ['by its end', (socket: Socket) => socket.destroy()],
    ['by a reset', (socket: Socket) => socket.resetAndDestroy()],
    ['by half', (socket: Socket) => socket.end()],
    ['after bytes that nobody asked for', (socket: Socket) => socket.write('HTTP/1.1 408 Too late\r\n\r\n')],
  ])('while it was idle, %s, just before the next delivery', async (_title, closeIdle) => {
    const target = await startRawReceiver((socket) => socket.write(OK));
    expect(await postWhole(target.url)).toEqual(DELIVERED);
    for (const socket of target.connections) closeIdle(socket);
    expect(await postWhole(target.url)).toEqual(DELIVERED);
    await target.close();
    expect([target.requests, target.connections.length]).toEqual([2, 2]);
  });

  test('all of several are replaced, each by its own', async () => {
    const target = await startRawReceiver((socket) => socket.write(OK));
    const three = () => Promise.all([1, 2, 3].map(() => postWhole(target.url)));
    expect(await three()).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    for (const socket of target.connections) socket.destroy();
    expect(await three()).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    await target.close();
    expect([target.requests, target.connections.length]).toEqual([6, 6]);
  });
});

test('a request that was written on a used socket is never repeated, whatever happens to the socket', async () => {
  const target = await startRawReceiver((socket, earlier) => {
    if (earlier === 0) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    else socket.resetAndDestroy();
  });
  expect(await postWhole(target.url)).toEqual({ kind: 'delivered', status: 204 });
  expect(await postWhole(target.url)).toEqual({ kind: 'failed', reason: 'connect' });
  await target.close();
  expect([target.requests, target.connections.length]).toEqual([2, 1]);
});

test('a socket that has been idle for more than a second is not used again', async () => {
  const target = await counted((_request, response) => response.end());
  await postWhole(target.url);
  const laterMs = performance.now() + 1_001;
  jest.spyOn(performance, 'now').mockImplementation(() => laterMs);
  expect(await postWhole(target.url)).toEqual({ kind: 'delivered', status: 200 });
  jest.restoreAllMocks();
  expect(target.all).toBe(2);
});
