import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type PostOutcome, post } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { type Receiver, startReceiver } from '../../end-to-end/receiver.ts';

let sockets: Sockets;
const receivers: Receiver[] = [];

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  receivers.push(started);
  return started;
}

/** Posts to a URL and waits until the socket is free again. */
async function postTo(url: string): Promise<PostOutcome> {
  const { outcome, over } = await post(url, '{"event":"click"}', sockets);
  await over;
  return outcome;
}

beforeEach(() => {
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
  sockets = openSockets();
});

afterEach(async () => {
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  await sockets.close();
  await Promise.all(receivers.splice(0).map((one) => one.close()));
});

describe('a post', () => {
  test('is one POST of the JSON, whatever comes back', async () => {
    const target = await receiver();
    expect(await postTo(`${target.url}/hook?a=1`)).toEqual({
      kind: 'delivered',
      status: 204,
    });
    expect(target.received).toHaveLength(1);
    expect(target.received[0]).toMatchObject({
      path: '/hook?a=1',
      body: '{"event":"click"}',
      headers: { 'content-type': 'application/json', 'user-agent': `Clickhook/${manifest.version}` },
    });
  });

  test.each([[301], [302], [307], [308], [400], [404], [429], [500], [503]])(
    'that is answered %i has failed, is not repeated and follows nothing',
    async (status) => {
      const elsewhere = await receiver();
      const target = await receiver((response) =>
        response.writeHead(status, { location: elsewhere.url, 'retry-after': '0' }).end(),
      );
      expect(await postTo(target.url)).toEqual({ kind: 'failed', reason: 'status', status });
      expect(target.received).toHaveLength(1);
      expect(elsewhere.received).toEqual([]);
    },
  );

  test('is decided by the headers: a body that never ends delays nothing', async () => {
    const target = await receiver((response) => response.writeHead(200).write('still going'));
    const { outcome } = await post(target.url, '{}', sockets);
    expect(outcome).toEqual({ kind: 'delivered', status: 200 });
  });

  test('without a secret carries no header beside those of any JSON', async () => {
    const target = await receiver();
    await postTo(target.url);
    expect(target.received[0]?.headers).toEqual({
      host: target.url.replace('http://', ''),
      connection: 'keep-alive',
      'user-agent': `Clickhook/${manifest.version}`,
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': '17',
    });
  });

  test('says how many bytes it has, not how many characters', async () => {
    const target = await receiver();
    await (await post(target.url, '{"name":"Zoë 👩‍💻"}', sockets)).over;
    expect(target.received[0]?.body).toBe('{"name":"Zoë 👩‍💻"}');
  });

  test('reuses its socket: five in a row need one', async () => {
    const ports = new Set<unknown>();
    const target = await receiver((response) => {
      ports.add(response.socket?.remotePort);
      response.end('ok');
    });
    for (let index = 0; index < 5; index++) await postTo(target.url);
    expect(ports.size).toBe(1);
  });

  test('to a port that refuses has failed to connect', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await postTo(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'failed',
      reason: 'connect',
    });
  });

  test('to something that hangs up without an answer has failed and is not repeated', async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections++;
      socket.once('data', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await postTo(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'failed',
      reason: 'connect',
    });
    expect(connections).toBe(1);
    await new Promise((resolve) => server.close(resolve));
  });

  test('by https to a server without TLS has failed by TLS', async () => {
    const target = await receiver();
    const outcome = await postTo(target.url.replace('http:', 'https:'));
    expect(outcome).toEqual({ kind: 'failed', reason: 'tls' });
    expect(target.received).toEqual([]);
  });
});

describe('without the switch of the local stack', () => {
  test.each([['127.0.0.1'], ['localhost'], ['[::1]'], ['2130706433'], ['[::ffff:127.0.0.1]']])(
    'nothing is posted to %s',
    async (host) => {
      delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
      const target = await receiver();
      const url = target.url.replace('127.0.0.1', host);
      expect(await postTo(url)).toEqual({ kind: 'refused' });
      expect(target.received).toEqual([]);
    },
  );
});
