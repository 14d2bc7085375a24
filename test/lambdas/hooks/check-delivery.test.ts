import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { post } from '../../../lambdas/deliver/post.ts';
import { openSockets } from '../../../lambdas/deliver/sockets.ts';
import { checkDelivery } from '../../../lambdas/hooks/check-delivery.ts';
import { hookId } from '../../../lambdas/hooks/hook.ts';
import { sampleClick } from '../../../lambdas/hooks/sample-click.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import { type Authority, createAuthority, selfSigned } from '../../end-to-end/certificates.ts';
import { type DnsServer, startDnsServer } from '../../end-to-end/dns-server.ts';
import { type Receiver, startReceiver } from '../../end-to-end/receiver.ts';
import { type FaultyReceiver, startFaultyReceiver } from '../../faults/faulty-receiver.ts';
import { capturedOutput } from '../captured-output.ts';
import { engineTable } from '../engine-table.ts';

const HOST = 'hooks.example.com';
const OWNER = 'WORKSPACE#1';
const table = engineTable();
const usualCertificates = getCACertificates('default');
const closing: (() => Promise<unknown>)[] = [];
let dns: DnsServer;
let authority: Authority;
let faulty: FaultyReceiver;

beforeAll(async () => {
  [dns, authority, faulty] = await Promise.all([startDnsServer(), createAuthority(), startFaultyReceiver()]);
  setDefaultCACertificates([...usualCertificates, authority.cert]);
});

afterAll(async () => {
  setDefaultCACertificates(usualCertificates);
  await Promise.all([dns.close(), authority.remove(), faulty.close()]);
});

beforeEach(() => {
  Object.assign(process.env, { CLICKHOOK_ALLOW_LOOPBACK: '1', CLICKHOOK_DNS_SERVERS: dns.address });
  dns.zones.clear();
  dns.zones.set(HOST, ['127.0.0.1']);
});

afterEach(async () => {
  jest.restoreAllMocks();
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  await Promise.all(closing.splice(0).map((close) => close()));
});

const check = (url: string) => checkDelivery(sampleClick(1), url, OWNER);

/** Listens on a free port until the end of the test. */
async function listen(server: Server): Promise<number> {
  closing.push(() => {
    if ('closeAllConnections' in server) (server as any).closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  closing.push(started.close);
  return started;
}

/** The URL of a server with TLS, which answers 204. */
async function tlsUrl(options: ServerOptions): Promise<string> {
  const server = createHttpsServer(options, (_request, response) => response.writeHead(204).end());
  server.on('tlsClientError', () => undefined);
  return `https://${HOST}:${await listen(server)}/`;
}

describe('a check', () => {
  test('sends the request of a delivery, with the headers of Standard Webhooks', async () => {
    const target = await receiver();
    const url = `${target.url}/hook?secret=1`;
    await check(url);
    const sockets = openSockets();
    await (await post(url, target.received[0]?.body ?? '', sockets)).over;
    await sockets.close();
    const [checked, delivered] = target.received;
    const { 'webhook-id': id, 'webhook-timestamp': at, ...others } = checked?.headers ?? {};
    expect([checked?.path, others]).toEqual([delivered?.path, delivered?.headers]);
    const { click } = JSON.parse(checked?.body ?? '');
    expect(id).toBe(`msg_${click.id}_${hookId(OWNER, url)}`);
    expect(at).toMatch(/^\d{10}$/);
  });

  test('is signed with both secrets of the workspace', async () => {
    const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
    await table.put({
      pk: 'SECRETS#1',
      sk: 'SECRETS',
      secret: secrets[0],
      created_at: '2027-01-31T12:00:00Z',
      previous: { secret: secrets[1], valid_until: '2999-01-01T00:00:00Z' },
    });
    const target = await receiver();
    await check(target.url);
    const [{ body, headers }] = target.received as [Receiver['received'][number]];
    for (const secret of secrets) new Webhook(secret).verify(body, headers as Record<string, string>);
  });

  test('stores, logs and counts nothing', async () => {
    const info = jest.spyOn(logger, 'info');
    const output = capturedOutput();
    const target = await receiver();
    table.writes = [];
    expect(await check(target.url)).toMatchObject({ outcome: 'delivered' });
    expect([table.writes, info.mock.calls, output()]).toEqual([[], [], []]);
  });

  test('measures each part of a delivery, and leaves out the parts that did not end', async () => {
    const ms = expect.any(Number);
    const url = await tlsUrl(await authority.issue([HOST]));
    expect((await check(url)).timings).toEqual({
      dns_ms: ms,
      connection_ms: ms,
      tls_ms: ms,
      response_ms: ms,
    });
    expect((await check((await receiver()).url)).timings).toMatchObject({ tls_ms: null, response_ms: ms });
    dns.zones.delete(HOST);
    expect((await check(url)).timings).toEqual({
      dns_ms: null,
      connection_ms: null,
      tls_ms: null,
      response_ms: null,
    });
  });

  test('measures how long DNS and the response take', async () => {
    dns.delaysMs.set(HOST, 300);
    const target = await receiver((response) => setTimeout(() => response.end('ok'), 200));
    const { timings } = await check(target.url.replace('127.0.0.1', HOST));
    expect(timings.dns_ms).toBeGreaterThanOrEqual(299);
    expect(timings.response_ms).toBeGreaterThanOrEqual(199);
    dns.delaysMs.clear();
  });
});

describe('a response', () => {
  const answering = async (...args: Parameters<typeof startReceiver>) => check((await receiver(...args)).url);

  test('is shown with its status and the beginning of its body', async () => {
    const result = await answering((response) =>
      response.writeHead(422).end(`{"error":"${'x'.repeat(9_000)}"}`),
    );
    expect(result).toMatchObject({ outcome: 'failed', reason: 'status', status: 422 });
    expect(result.response_body).toBe(`{"error":"${'x'.repeat(490)}`);
  });

  test('without a body has an empty one, and so has a compressed response', async () => {
    expect((await answering()).response_body).toBe('');
    const result = await answering((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('secret')),
    );
    expect(result).toMatchObject({ outcome: 'delivered', response_body: '' });
  });

  test('that never ends is read only as far as it is shown', async () => {
    const result = await check(`http://127.0.0.1:${faulty.port}/endless`);
    expect(result).toMatchObject({ outcome: 'delivered', response_body: 'x'.repeat(500) });
  });

  test('that begins and then stops is shown when the time is over', async () => {
    const result = await answering((response) => response.writeHead(200).write('so far'));
    expect(result).toMatchObject({ outcome: 'delivered', response_body: 'so far' });
  });

  test.each([
    ['/elsewhere?a=1', '/elsewhere?a=1'],
    ['next', '/a/next'],
  ])('that redirects to %s names the full URL, and is not followed', async (location, expected) => {
    const target = await receiver((response) => response.writeHead(302, { location }).end());
    const { message, outcome, reason } = await check(`${target.url}/a/b`);
    expect([outcome, reason]).toEqual(['failed', 'status']);
    expect(message).toContain(`The server redirected to ${target.url}${expected}. `);
    expect(target.received).toHaveLength(1);
  });

  test.each([
    ['nowhere', undefined],
    ['no URL', 'http://'],
    ['another scheme', 'javascript:alert(1)'],
    ['a URL longer than that of a webhook', `/${'a'.repeat(3_000)}`],
  ])('that redirects to %s does not name it', async (_title, location) => {
    const { message } = await answering((response) =>
      response.writeHead(302, location === undefined ? {} : { location }).end(),
    );
    expect(message).toBe(
      'The server answered with the redirect 302. Webhooks do not follow redirects; use the final address.',
    );
  });

  test('that switches protocols is a failure with a sentence', async () => {
    const result = await check(`http://127.0.0.1:${faulty.port}/switching-protocols`);
    expect(result).toMatchObject({ status: 101, message: expect.stringContaining('status 101') });
  });

  test('that is a web page is accepted with a warning', async () => {
    const result = await answering((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hi</title>'),
    );
    expect(result).toMatchObject({ outcome: 'delivered', message: expect.stringContaining('a web page') });
  });
});

describe('TLS', () => {
  const cases: [title: string, options: () => Promise<ServerOptions>, says: string][] = [
    [
      'without the intermediate certificate',
      () => authority.issueByIntermediate([HOST]),
      'does not send its intermediate certificate',
    ],
    ['with a self-signed certificate', () => selfSigned(HOST), 'is self-signed'],
    [
      'with an expired certificate',
      () => authority.issue([HOST], new Date(Date.now() - 60_000)),
      'has expired',
    ],
    ['with the certificate of another host', () => authority.issue(['other.example.com']), `name ${HOST}`],
    [
      'with TLS 1.3 and a client certificate',
      async () => ({
        ...(await authority.issue([HOST])),
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
      }),
      'requires a client certificate',
    ],
    [
      'of an old version',
      async () => ({
        ...(await authority.issue([HOST])),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
      }),
      'only old versions of TLS',
    ],
  ];
  test.each(cases)('%s fails with a sentence about it', async (_title, options, says) => {
    const result = await check(await tlsUrl(await options()));
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'tls',
      message: expect.stringContaining(says),
    });
  });

  test('with the whole chain is fine', async () => {
    const { chain, key } = await authority.issueByIntermediate([HOST]);
    expect(await check(await tlsUrl({ cert: chain, key }))).toMatchObject({ outcome: 'delivered' });
  });

  test('where the server speaks plain HTTP asks for http://', async () => {
    const port = await listen(createHttpServer((_request, response) => response.end()));
    const { message } = await check(`https://${HOST}:${port}/`);
    expect(message).toBe(
      `The server does not use TLS at port ${port}. Correct the port, or change https:// to http://.`,
    );
  });

  test('that the URL does not use, but the server does, asks for https://', async () => {
    const url = await tlsUrl(await authority.issue([HOST]));
    const closed = await check(url.replace('https:', 'http:'));
    expect(closed).toMatchObject({ reason: 'connect', message: expect.stringContaining('to https://') });
    const alerting = createTcpServer((socket) =>
      socket.once('data', () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]))),
    );
    const port = await listen(alerting);
    const { message } = await check(`http://${HOST}:${port}/`);
    expect(message).toBe(`The server expects TLS at port ${port}. Change http:// to https://.`);
  });
});

describe('a connection', () => {
  test.each<[string, string, string]>([
    ['missing', 'failed', 'has no address'],
    ['private', 'refused', 'private or reserved address'],
  ])('to a name that is %s is %s with a sentence', async (kind, outcome, says) => {
    dns.zones.set(HOST, kind === 'private' ? ['127.0.0.1', '10.0.0.1'] : 'missing');
    const target = await receiver();
    const result = await check(target.url.replace('127.0.0.1', HOST));
    expect(result).toMatchObject({ outcome, status: null, message: expect.stringContaining(says) });
    expect(result.response_body).toBeNull();
    expect(target.received).toEqual([]);
  });

  test('to this machine is refused without the switch of the local stack', async () => {
    delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
    const target = await receiver();
    expect(await check(target.url)).toMatchObject({ outcome: 'refused', reason: null });
    expect(target.received).toEqual([]);
  });

  test('to a DNS server, a port or a server that does not answer has a sentence about each', async () => {
    dns.zones.set(HOST, 'hang');
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    const silent = await listen(createTcpServer((socket) => socket.resume()));
    const results = await Promise.all([
      check(`https://${HOST}/`),
      check('http://127.0.0.1:9/'),
      check(`http://127.0.0.1:${port}/`),
      check(`http://127.0.0.1:${faulty.port}/hang`),
      check(`https://127.0.0.1:${silent}/`),
      check(`http://127.0.0.1:${faulty.port}/headers/80`),
    ]);
    expect(results.map(({ reason, message }) => [reason, message.split('. ')[0]])).toEqual([
      ['dns', `The DNS servers of ${HOST} did not answer correctly within 2 seconds`],
      ['connect', 'No server accepts connections at port 9 of 127.0.0.1'],
      ['connect', 'The server closed the connection without an answer'],
      ['timeout', 'The server did not answer within 5 seconds'],
      ['timeout', 'The server accepted the connection but did not start TLS within 5 seconds'],
      ['connect', 'The response has more than 64 KB of headers'],
    ]);
  });
});
