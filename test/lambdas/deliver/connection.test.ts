import { once } from 'node:events';
import { createServer as createHttpsServer, type Server, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server as TcpServer,
} from 'node:net';
import { getCACertificates, type SecureVersion, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { post } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import {
  type Authority,
  type Certificate,
  createAuthority,
  selfSigned,
} from '../../end-to-end/certificates.ts';
import { type DnsServer, startDnsServer } from '../../end-to-end/dns-server.ts';

let dns: DnsServer;
let authority: Authority;
let sockets: Sockets;
const servers: (Server | TcpServer)[] = [];
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

async function listen<S extends Server | TcpServer>(server: S, address = '127.0.0.1', port = 0) {
  servers.push(server);
  await once(server.listen(port, address), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A receiver with TLS. @returns its port, what it was asked for, by Host and by SNI, and its connections */
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
  test('keeps its name in Host and SNI while the checked address is connected to', async () => {
    dns.zones.set('hooks.example.com', ['127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['hooks.example.com']));
    const outcome = await outcomeOf(`https://hooks.example.com:${port}/`);
    expect(outcome).toEqual({ kind: 'delivered', status: 204 });
    expect(asked).toEqual([{ host: `hooks.example.com:${port}`, sni: 'hooks.example.com' }]);
  });

  test('whose name ends in a dot is verified without it', async () => {
    dns.zones.set('dotted.example.com', ['127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['dotted.example.com']));
    expect(await outcomeOf(`https://dotted.example.com.:${port}/`)).toMatchObject({ kind: 'delivered' });
    expect(asked).toEqual([{ host: `dotted.example.com.:${port}`, sni: 'dotted.example.com' }]);
  });

  test('that is an address is verified as that address', async () => {
    const { port } = await tlsReceiver(await authority.issue(['127.0.0.1']));
    expect(await outcomeOf(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'delivered', status: 204 });
  });

  test('is connected to at the next address when the first takes no connection', async () => {
    dns.zones.set('two.example.com', ['127.0.0.2', '127.0.0.1']);
    const { port, asked } = await tlsReceiver(await authority.issue(['two.example.com']));
    expect(await outcomeOf(`https://two.example.com:${port}/`)).toMatchObject({ kind: 'delivered' });
    expect(asked).toHaveLength(1);
  });

  test('is connected to at the next address in time when the first takes the connection and says nothing', async () => {
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

  test('is looked up once for all posts of an invocation, and again in the next', async () => {
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
  ])('that %s gets nothing', async (_title, addresses) => {
    let connections = 0;
    const port = await listen(createTcpServer(() => connections++));
    dns.zones.set('moved.example.com', addresses);
    expect(await outcomeOf(`http://moved.example.com:${port}/`)).toEqual({ kind: 'refused' });
    expect(connections).toBe(0);
  });

  test.each([['missing' as const], ['hang' as const]])('whose name is %s has failed by dns', async (zone) => {
    dns.zones.set('nowhere.example.com', zone);
    expect(await outcomeOf('https://nowhere.example.com/')).toEqual({ kind: 'failed', reason: 'dns' });
  });
});

describe('a certificate', () => {
  const HOST = 'tls.example.com';
  const expired = () => authority.issue([HOST], new Date(Date.now() - 60_000));
  test.each([
    ['that has expired', expired],
    ['of another host', () => authority.issue(['other.example.com'])],
    ['that nobody vouches for', () => selfSigned(HOST)],
  ])('%s gets nothing', async (_title, certificate) => {
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

describe('a server that breaks TLS off before it has answered has failed by tls:', () => {
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
    // Side by side, alerts and requests cross each other in many ways.
    const many = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(url)));
    expect(many).toEqual(many.map(() => failed));
    expect([asked.length, taken.size]).toEqual([0, 21]);
  });

  test('it sends what is no TLS in place of its answer', async () => {
    const { port } = await tlsReceiver(await authority.issue(['127.0.0.1']));
    const middle = createTcpServer((socket) => {
      const behind = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined).once('close', () => behind.destroy());
      behind.on('error', () => undefined).pipe(socket);
      // By TLS 1.3 we take the handshake to be over once our second message is written.
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

test('a server that takes the connection and never speaks TLS is given up at 5 s, and its socket closed', async () => {
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
