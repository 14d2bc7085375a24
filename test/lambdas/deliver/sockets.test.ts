import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { post } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import { GIVEN_UP_MS } from '../../given-up.ts';
import { PAYLOAD, startRawReceiver } from './raw-receiver.ts';

/** A server that knows its connections. */
type Counted = { server: Server; url: string; open: Set<Socket>; all: number };

const servers: Server[] = [];
let sockets: Sockets;

async function counted(answer: Parameters<typeof createServer>[1]): Promise<Counted> {
  const server = createServer(answer);
  servers.push(server);
  const one: Counted = { server, url: '', open: new Set(), all: 0 };
  server.on('connection', (socket) => {
    one.all++;
    one.open.add(socket);
    socket.once('close', () => {
      one.open.delete(socket);
      server.emit('gone');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  one.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
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

beforeEach(() => {
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
  sockets = openSockets(3);
});

afterEach(async () => {
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  await sockets.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('idle sockets to other hosts make room when the cap is reached', async () => {
  const first = await counted((_request, response) => response.end());
  const second = await counted((_request, response) => response.end());
  await Promise.all([postWhole(first.url), postWhole(first.url), postWhole(first.url)]);
  expect(first.open.size).toBe(3);
  await Promise.all([postWhole(second.url), postWhole(second.url)]);
  while (first.open.size > 1) await once(first.server, 'gone');
  expect([first.open.size, second.open.size]).toEqual([1, 2]);
});

test('an answer of 16 KB keeps its socket, a longer one loses it', async () => {
  const short = await counted((_request, response) => response.end(Buffer.alloc(16 * 1024)));
  const long = await counted((_request, response) => response.end(Buffer.alloc(100 * 1024)));
  for (const { url } of [short, short, long, long]) {
    expect(await postWhole(url)).toEqual({ kind: 'delivered', status: 200 });
  }
  expect([short.all, long.all]).toEqual([1, 2]);
});

test('a body without end costs its socket and nothing more', async () => {
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
  // Buffers of both sides of the connection hold some megabytes; of a body without end that is nothing.
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});

test('a body that drips loses its socket when the 5 s are over', async () => {
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

test('a compressed body is not unpacked', async () => {
  const bomb = await counted((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1_000 });
    response.end(Buffer.alloc(1_000));
  });
  expect(await postWhole(bomb.url)).toEqual({ kind: 'delivered', status: 200 });
});

test('closing takes all sockets along, those that hang, drain, idle or connect', async () => {
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

describe('a socket that its server has closed is replaced, and no post is lost:', () => {
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
  ])('while it was idle, %s, just before the next post', async (_title, closeIdle) => {
    const target = await startRawReceiver((socket) => socket.write(OK));
    expect(await postWhole(target.url)).toEqual(DELIVERED);
    for (const socket of target.connections) closeIdle(socket);
    expect(await postWhole(target.url)).toEqual(DELIVERED);
    await target.close();
    expect([target.requests, target.connections.length]).toEqual([2, 2]);
  });

  test('all of several, and each post has its own new one', async () => {
    const target = await startRawReceiver((socket) => socket.write(OK));
    const three = () => Promise.all([1, 2, 3].map(() => postWhole(target.url)));
    expect(await three()).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    for (const socket of target.connections) socket.destroy();
    expect(await three()).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    await target.close();
    expect([target.requests, target.connections.length]).toEqual([6, 6]);
  });
});

test('a request that was written on a used socket is never repeated, whatever becomes of the socket', async () => {
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
