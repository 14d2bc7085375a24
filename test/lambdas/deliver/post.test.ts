import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { PostOutcome } from '../../../lambdas/deliver/outcomes.ts';
import { post, poster, standardHeaders } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import { subscribersOf } from '../../../lambdas/deliver/subscriber.ts';
import { hookId } from '../../../lambdas/hooks/hook.ts';
import { newSigningSecret } from '../../../lambdas/signing-secrets/signing-secret.ts';
import { logger } from '../../../lambdas/telemetry.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { type Receiver, startReceiver } from '../../end-to-end/receiver.ts';
import { type FaultyReceiver, LATE_END_MS, startFaultyReceiver } from '../../faults/faulty-receiver.ts';
import { wasGivenUpAt5s } from '../../given-up.ts';
import { capturedOutput } from '../captured-output.ts';
import { click } from './sample-click.ts';

let sockets: Sockets;
const receivers: Receiver[] = [];

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  receivers.push(started);
  return started;
}

/** Delivers to a URL and waits until the socket is free again. */
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

describe('a delivery', () => {
  test('is one POST of the JSON, whatever the response is', async () => {
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
    'with the response %i fails, is not repeated and follows nothing',
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

  test('is decided by the headers, so a body that never ends delays nothing', async () => {
    const target = await receiver((response) => response.writeHead(200).write('still going'));
    const { outcome } = await post(target.url, '{}', sockets);
    expect(outcome).toEqual({ kind: 'delivered', status: 200 });
  });

  test('without a secret has no headers except those of any JSON', async () => {
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

  test('states its length in bytes, not in characters', async () => {
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

  test('to a port that refuses connections fails to connect', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await postTo(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'failed',
      reason: 'connect',
    });
  });

  test('to a server that hangs up without a response fails and is not repeated', async () => {
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

  test('by https to a server without TLS fails with the reason tls', async () => {
    const target = await receiver();
    const outcome = await postTo(target.url.replace('http:', 'https:'));
    expect(outcome).toEqual({ kind: 'failed', reason: 'tls' });
    expect(target.received).toEqual([]);
  });
});

describe('without the switch of the local stack', () => {
  test.each([['127.0.0.1'], ['localhost'], ['[::1]'], ['2130706433'], ['[::ffff:127.0.0.1]']])(
    'nothing is delivered to %s',
    async (host) => {
      delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
      const target = await receiver();
      const url = target.url.replace('127.0.0.1', host);
      expect(await postTo(url)).toEqual({ kind: 'refused' });
      expect(target.received).toEqual([]);
    },
  );
});

const NOW = new Date();
const signed = { clickId: '01JHMR4VTV0000000000000001', hookId: 'a'.repeat(32), now: NOW };
const PAYLOAD = '{"event":"click","link":{"name":"Grüße"}}';

test('the example in the specification verifies', () => {
  const webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const at = new Date(1_614_265_330_000);
  expect(webhook.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

describe('a signature', () => {
  test('is absent without a secret; id and time of the delivery are not', () => {
    expect(standardHeaders(null, signed, PAYLOAD)).toEqual({
      'webhook-id': `msg_${signed.clickId}_${signed.hookId}`,
      'webhook-timestamp': String(Math.floor(NOW.getTime() / 1_000)),
    });
  });

  test('verifies with the secret, over the unchanged body, and with no other secret', () => {
    const secret = newSigningSecret(null);
    const headers = standardHeaders(secret, signed, PAYLOAD);
    expect(new Webhook(secret.secret).verify(PAYLOAD, headers)).toEqual(JSON.parse(PAYLOAD));
    expect(() => new Webhook(secret.secret).verify(`${PAYLOAD} `, headers)).toThrow();
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(other).verify(PAYLOAD, headers)).toThrow();
  });

  test('is also made with the previous secret while that is valid', () => {
    const old = newSigningSecret(null);
    const rotated = newSigningSecret(old);
    const headers = standardHeaders(rotated, signed, PAYLOAD);
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const { secret } of [old, rotated]) new Webhook(secret).verify(PAYLOAD, headers);
  });

  test.each([
    ['with', newSigningSecret(null)],
    ['without', null],
  ])(
    '%s a secret, the id is the same for every duplicate, and different for each click, owner and URL',
    (_title, secret) => {
      const idOf = (clickId: string, owner: string, url: string) =>
        standardHeaders(secret, { clickId, hookId: hookId(owner, url), now: new Date() }, '{}')['webhook-id'];
      const url = 'https://hooks.example.com/';
      const ids = [
        idOf('1', 'LINK#1', url),
        idOf('2', 'LINK#1', url),
        idOf('1', 'WORKSPACE#1', url),
        idOf('1', 'LINK#1', `${url}x`),
      ];
      expect(new Set(ids).size).toBe(4);
      expect(idOf('1', 'LINK#1', url)).toBe(ids[0]);
    },
  );
});

describe('the deliveries of an invocation', () => {
  let faulty: FaultyReceiver;

  beforeEach(async () => {
    capturedOutput();
    jest.spyOn(logger, 'info').mockImplementation(() => undefined);
    faulty = await startFaultyReceiver();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await faulty.close();
  });

  const to = (...paths: string[]) => ({
    secret: null,
    hooks: paths.flatMap((path) =>
      subscribersOf('LINK#1', [
        { hook_id: path, url: `http://127.0.0.1:${faulty.port}/${path}`, created_at: '2025' },
      ]),
    ),
  });

  test('a delivery that waits for its slot has its own 5 s, from its start', async () => {
    const few = openSockets(1);
    const { postAll } = poster(few);
    const startMs = performance.now();
    const tookMs = async (number: number) => {
      await postAll(click(number), to(`hang/${number}`));
      return performance.now() - startMs;
    };
    const [firstMs = 0, secondMs = 0] = await Promise.all([1, 2].map(tookMs));
    await few.close();
    expect(faulty.posts.map(({ path }) => path)).toEqual(['/hang/1', '/hang/2']);
    expect([firstMs, secondMs - firstMs].map(wasGivenUpAt5s)).toEqual([true, true]);
  });

  test('a slot is used until the body is read, so there are never more sockets than the limit', async () => {
    const few = openSockets(1);
    const { postAll } = poster(few);
    await Promise.all([postAll(click(1), to('late-end/1')), postAll(click(2), to('ok/2'))]);
    await few.close();
    const [first, second] = faulty.posts;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(LATE_END_MS * 0.9);
  });

  test('with more deliveries than sockets, the oldest click goes first and all are delivered', async () => {
    const few = openSockets(2);
    const { postAll } = poster(few);
    const paths = (number: number) => Array.from({ length: 5 }, (_, index) => `ok/${number}/${index}`);
    await Promise.all([1, 2, 3].map((number) => postAll(click(number), to(...paths(number)))));
    await few.close();
    expect(faulty.posts).toHaveLength(15);
    const clicks = faulty.posts.map(({ path }) => Number(path.split('/')[2]));
    // Two run in parallel, so neighbours may swap places.
    expect(clicks.every((number, index) => number - (clicks[index - 2] ?? 1) >= 0)).toBe(true);
  });
});
