import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { PostOutcome } from '../../../lambdas/deliver/outcomes.ts';
import { post } from '../../../lambdas/deliver/post.ts';
import { openSockets, type Sockets } from '../../../lambdas/deliver/sockets.ts';
import { runs } from '../../full-runs.ts';
import { PAYLOAD, type RawReceiver, startRawReceiver, writeInPieces } from './raw-receiver.ts';

let sockets: Sockets;
const receivers: RawReceiver[] = [];

async function receiver(answer: Parameters<typeof startRawReceiver>[0]): Promise<RawReceiver> {
  const started = await startRawReceiver(answer);
  receivers.push(started);
  return started;
}

/** A receiver that writes these bytes after every request, and keeps the connection open. */
const answering = (...texts: string[]) => receiver((socket) => socket.write(texts.join(''), 'latin1'));

/** A receiver that writes these bytes after every request and then closes its side. */
const answeringLast = (text: string) => receiver((socket) => socket.end(text, 'latin1'));

const outcomeOf = async (url: string) => (await post(url, PAYLOAD, sockets)).outcome;

/** Sends a request and waits until the socket is free again or closed. */
async function wholly(url: string): Promise<PostOutcome> {
  const { outcome, over } = await post(url, PAYLOAD, sockets);
  await over;
  return outcome;
}

/** An outcome, and whether it was known long before the deadline. */
async function quickly(url: string): Promise<PostOutcome & { quick: boolean }> {
  const startMs = performance.now();
  const outcome = await outcomeOf(url);
  return { ...outcome, quick: performance.now() - startMs < 2_000 };
}

beforeEach(() => {
  process.env.CLICKHOOK_ALLOW_LOOPBACK = '1';
  sockets = openSockets();
});

afterEach(async () => {
  jest.restoreAllMocks();
  delete process.env.CLICKHOOK_ALLOW_LOOPBACK;
  await sockets.close();
  await Promise.all(receivers.splice(0).map((one) => one.close()));
});

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const DELIVERED: PostOutcome = { kind: 'delivered', status: 200 };
const BROKEN: PostOutcome = { kind: 'failed', reason: 'connect' };

describe('informational responses are skipped:', () => {
  test.each([
    ['100 Continue', CONTINUE + OK],
    ['102 Processing, several times', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(5) + OK],
    ['103 Early Hints', HINTS + OK],
    ['100 and 103', CONTINUE + HINTS + HINTS + OK],
    ['one that nobody has named yet', `HTTP/1.1 199 Maybe\r\n\r\n${OK}`],
    ['a body that none of them has', `HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n${OK}`],
    ['a wish to close', `HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n${OK}`],
    ['HTTP/1.0', `HTTP/1.0 100 Continue\r\n\r\n${OK}`],
    ['bare line feeds', `HTTP/1.1 100 Continue\n\n${OK}`],
    ['ten thousand', CONTINUE.repeat(10_000) + OK],
  ])('%s', async (_title, text) => {
    const target = await answering(text);
    expect([await wholly(target.url), await wholly(target.url)]).toEqual([DELIVERED, DELIVERED]);
    expect([target.requests, target.connections.length]).toEqual([2, 1]);
  });

  test('the final status decides the outcome', async () => {
    const target = await answering(CONTINUE, 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n');
    expect(await outcomeOf(target.url)).toEqual({ kind: 'failed', reason: 'status', status: 500 });
  });

  test('after any of them, in any pieces and with any line endings', async () => {
    const statuses = fc.integer({ min: 100, max: 199 }).filter((status) => status !== 101);
    const headers = fc.array(fc.constantFrom('Link: </a>; rel=preload', 'X-Wait:1', 'Date: now', 'X-Empty:'));
    const lines = fc.array(fc.record({ status: statuses, headers }), { maxLength: 6 });
    const endings = fc.infiniteStream(fc.constantFrom('\r\n', '\n'));
    const final = fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304);
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));
    await fc.assert(
      fc.asyncProperty(lines, final, endings, cuts, async (informational, status, ending, cut) => {
        const head = (code: number, fields: string[]) =>
          [`HTTP/1.1 ${code} Any`, ...fields, ''].map((line) => line + ending.next().value).join('');
        const text = [
          ...informational.map((one) => head(one.status, one.headers)),
          head(status, ['Content-Length: 2']),
          'ok',
        ].join('');
        const pieces: string[] = [];
        for (let at = 0; at < text.length; ) {
          const length = cut.next().value;
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        const target = await startRawReceiver((socket) => writeInPieces(socket, pieces));
        const outcomes = [await wholly(target.url), await wholly(target.url)];
        await target.close();
        const expected =
          status < 300 ? { kind: 'delivered', status } : { kind: 'failed', reason: 'status', status };
        expect(outcomes).toEqual([expected, expected]);
        expect([target.requests, target.connections.length]).toEqual([2, 1]);
      }),
      { numRuns: runs(60, 20) },
    );
  });

  test('that never end, slowly or in a flood, are given up after 5 s and their sockets are closed', async () => {
    const endless = [
      (socket: Socket) => setInterval(() => socket.write(CONTINUE), 50),
      (socket: Socket) => flood(socket, HINTS),
      (socket: Socket) => flood(socket, '\r\n'),
    ];
    const posts = endless.map(async (answer) => {
      const target = await receiver((socket) => {
        const timer = answer(socket);
        socket.once('close', () => clearInterval(timer));
      });
      const startMs = performance.now();
      expect(await outcomeOf(target.url)).toEqual({ kind: 'failed', reason: 'timeout' });
      expect(performance.now() - startMs).toBeGreaterThan(4_700);
      await target.allClosed();
      // A flood costs only what both sides have in their buffers.
      expect(target.connections[0]?.bytesWritten).toBeLessThan(16 * 1024 * 1024);
    });
    await Promise.all(posts);
  });
});

/** Writes the same text repeatedly, as fast as the socket accepts it. */
function flood(socket: Socket, text: string): undefined {
  const many = text.repeat(10_000);
  const write = () => {
    while (!socket.destroyed && socket.write(many));
  };
  socket.on('drain', write);
  write();
}

describe('an unrequested 101 fails, and its socket is closed:', () => {
  const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  test.each([
    ['to another protocol', UPGRADE],
    ['to none', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['after a 100', CONTINUE + UPGRADE],
    ['with bytes of the other protocol', `${UPGRADE}\x81\x05hello`],
  ])('%s', async (_title, text) => {
    const target = await answering(text);
    const failed = { kind: 'failed', reason: 'status', status: 101 };
    expect(await quickly(target.url)).toEqual({ ...failed, quick: true });
    await target.allClosed();
    expect(await outcomeOf(target.url)).toEqual(failed);
    expect([target.requests, target.connections.length]).toEqual([2, 2]);
  });
});

describe('of response headers', () => {
  const KB_64 = 64 * 1024;
  const START = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n';
  const one = (bytes: number) =>
    `X-Policy: ${'a'.repeat(bytes - START.length - 'X-Policy: \r\n\r\n'.length)}\r\n`;
  const cookie = `Set-Cookie: ${'c'.repeat(1_000)}\r\n`;
  const many = (bytes: number) => cookie.repeat(Math.floor((bytes - START.length - 2) / cookie.length));

  test.each([
    ['in one header', one(KB_64)],
    ['in many headers', many(KB_64)],
  ])('64 KB are accepted, %s', async (_title, headers) => {
    const target = await answering(`${START}${headers}\r\n`);
    expect([await wholly(target.url), await wholly(target.url)]).toEqual([DELIVERED, DELIVERED]);
    expect(target.connections).toHaveLength(1);
  });

  test('64 KB are accepted from each response, without the informational ones before it', async () => {
    const hints = `HTTP/1.1 103 Early Hints\r\n${one(KB_64)}\r\n`;
    const target = await answering(hints.repeat(3), `${START}${one(KB_64)}\r\n`);
    expect(await outcomeOf(target.url)).toEqual(DELIVERED);
  });

  test.each([
    ['in one header', `${START}${one(70 * 1024)}\r\n`],
    ['in many headers', `${START}${many(70 * 1024)}\r\n`],
    ['in one that does not end', `${START}X-Policy: ${'a'.repeat(1024 * 1024)}`],
    ['in a name that does not end', START + 'a'.repeat(1024 * 1024)],
    ['in hints', `HTTP/1.1 103 Early Hints\r\n${one(70 * 1024)}\r\n${OK}`],
  ])('more than 64 KB fail at once, %s', async (_title, text) => {
    const target = await answering(text);
    expect(await quickly(target.url)).toEqual({ ...BROKEN, quick: true });
    await target.allClosed();
    expect(target.requests).toBe(1);
  });
});

describe('a response counts and keeps its socket', () => {
  test.each([
    ['with bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['with line endings of both kinds', 'HTTP/1.1 200 OK\r\nX: y\nContent-Length: 2\r\n\nok'],
    ['after an empty line', `\r\n${OK}`],
    ['without a reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
    ['with a reason that is not ASCII', 'HTTP/1.1 200 Tr\xe8s bien\r\nContent-Length: 2\r\n\r\nok'],
    ['without a space after a colon', 'HTTP/1.1 200 OK\r\nX:y\r\nContent-Length:2\r\n\r\nok'],
    ['with a control character in a header', 'HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 2\r\n\r\nok'],
    ['with a folded header', 'HTTP/1.1 200 OK\nX: a\n\tb\nContent-Length: 2\n\nok'],
    ['by HTTP/1.0', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
    [
      'in chunks with trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n',
    ],
    [
      'with an offer of HTTP/2',
      'HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok',
    ],
  ])('%s', async (_title, text) => {
    const target = await answering(text);
    expect([await wholly(target.url), await wholly(target.url)]).toEqual([DELIVERED, DELIVERED]);
    expect([target.requests, target.connections.length]).toEqual([2, 1]);
  });
});

describe('a response counts and loses its socket', () => {
  test.each([
    ['that says it closes', answering, 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['by HTTP/1.0', answeringLast, 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['that ends with the connection', answeringLast, 'HTTP/1.1 200 OK\n\nok'],
    ['whose body breaks off', answeringLast, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'],
    [
      'whose connection is half closed after the headers',
      answeringLast,
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
    ],
    [
      'with a body that is no chunk',
      answering,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['with more than its length', answering, `${OK} and more`],
    ['that comes twice', answering, `${OK}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n`],
  ])('%s', async (_title, receiverOf, text) => {
    const target = await receiverOf(text);
    expect([await wholly(target.url), await wholly(target.url)]).toEqual([DELIVERED, DELIVERED]);
    expect([target.requests, target.connections.length]).toEqual([2, 2]);
  });

  test('when it is a 204 with a body, which it must not have', async () => {
    const target = await answering('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello');
    const delivered = { kind: 'delivered', status: 204 };
    expect([await wholly(target.url), await wholly(target.url)]).toEqual([delivered, delivered]);
    expect(target.connections).toHaveLength(2);
  });
});

test.each([
  ['nothing at all', ''],
  ['half a status line', 'HTTP/1.1 2'],
  ['headers without an end', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'],
  ['a 100 alone', CONTINUE],
  ['another protocol', '220 mail.example.com ESMTP\r\n'],
  ['two lengths that agree', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n'],
])('a response that ends after %s fails and is not repeated', async (_title, text) => {
  const target = await answeringLast(text);
  expect(await outcomeOf(target.url)).toEqual(BROKEN);
  expect([target.requests, target.connections.length]).toEqual([1, 1]);
});

test('a response counts before its whole body has arrived', async () => {
  const target = await receiver(() => undefined);
  const posted = post(target.url, 'x'.repeat(4 * 1024 * 1024), sockets);
  while (!target.connections[0]) await new Promise(setImmediate);
  target.connections[0].pause().end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
  expect((await posted).outcome).toEqual({ kind: 'failed', reason: 'status', status: 413 });
});
