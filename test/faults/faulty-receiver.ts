import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A complete POST: its path, its headers, its body and its time in milliseconds. */
export type Post = { path: string; headers: IncomingMessage['headers']; body: string; atMs: number };

/** A receiver. The first segment of the path sets its behaviour: `/hang/7`, `/status/500`. */
export type FaultyReceiver = {
  port: number;
  posts: Post[];
  /** The POSTs whose path starts with this. */
  to: (path: string) => Post[];
  /** Resolves when this many POSTs have arrived at paths that start with this. */
  waitFor: (path: string, total: number) => Promise<Post[]>;
  /** Resolves to the time after which the sender gave up a POST to a path that starts with this, in milliseconds. */
  givenUp: (path: string) => Promise<number>;
  close: () => Promise<void>;
};

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const GIGABYTE = 1024 ** 3;
const DRIP_MS = 200;
/** How long the body of `late-end` takes. */
export const LATE_END_MS = 500;
/** 64 MB of zeros in about 64 KB. */
const BOMB = gzipSync(Buffer.alloc(64 * 1024 ** 2));

function writeBytes(response: ServerResponse, total: number): void {
  let left = total;
  const write = () => {
    while (left > 0 && !response.destroyed) {
      left -= CHUNK.length;
      if (!response.write(CHUNK)) return;
    }
    response.end();
  };
  response.on('drain', write);
  write();
}

/** Sends one header after the other, without end. */
function dripHeaders({ socket }: ServerResponse): void {
  socket?.write('HTTP/1.1 200 OK\r\n');
  const drip = setInterval(() => socket?.write('x-drip: 1\r\n'), DRIP_MS);
  socket?.on('error', () => undefined).once('close', () => clearInterval(drip));
}

/** Sends informational responses and never the final one. */
function dripInformational(response: ServerResponse): void {
  const drip = setInterval(() => response.writeContinue(), DRIP_MS);
  response.once('close', () => clearInterval(drip));
}

/** 100, twice 103, and then the answer. */
function writeHints(response: ServerResponse): void {
  response.writeContinue();
  for (const link of ['</style.css>; rel=preload', '</script.js>; rel=preload'])
    response.writeEarlyHints({ link });
  response.writeHead(204).end();
}

/** An answer whose headers have this many KB. */
function writeHeaders(response: ServerResponse, [kilobytes]: string[]): void {
  for (let index = 0; index < Number(kilobytes); index++) response.setHeader(`x-${index}`, 'a'.repeat(1_016));
  response.writeHead(204).end();
}

const BEHAVIOURS: Record<string, (response: ServerResponse, rest: string[]) => void> = {
  ok: (response) => response.writeHead(200).end('ok'),
  'no-content': (response) => response.writeHead(204).end(),
  status: (response, [code]) => response.writeHead(Number(code), { 'retry-after': '0' }).end(),
  redirect: (response, [code, location = '']) =>
    response.writeHead(Number(code), { location: decodeURIComponent(location) }).end(),
  hang: () => undefined,
  'late-end': (response) => {
    response.writeHead(200).write('x');
    setTimeout(() => response.end(), LATE_END_MS);
  },
  drip: dripHeaders,
  continue: (response) => {
    response.writeContinue();
    response.writeHead(204).end();
  },
  hints: writeHints,
  'only-continue': dripInformational,
  'switching-protocols': ({ socket }) =>
    socket?.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  headers: writeHeaders,
  // It ends: the server would hold a later answer back, because it does not know of this one.
  'line-feeds': ({ socket }) => socket?.end('HTTP/1.1 200 OK\ncontent-length: 2\n\nok'),
  endless: (response) => writeBytes(response, Number.POSITIVE_INFINITY),
  gigabyte: (response) => writeBytes(response, GIGABYTE),
  bomb: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
  reset: ({ socket }) => socket?.resetAndDestroy(),
};

/** Starts a faulty receiver on a free loopback port. With a certificate and other TLS options, it speaks TLS. */
export async function startFaultyReceiver(tls?: ServerOptions): Promise<FaultyReceiver> {
  const posts: Post[] = [];
  const gone = new Map<string, number>();
  const events = new EventEmitter().setMaxListeners(0);
  const listener: RequestListener = async (request, response) => {
    const { url: path = '/', headers } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    const atMs = performance.now();
    posts.push({ path, headers, body, atMs });
    response.once('close', () => {
      gone.set(path, performance.now() - atMs);
      events.emit('change');
    });
    events.emit('change');
    const [, name = '', ...rest] = path.split(/[/?]/);
    BEHAVIOURS[name]?.(response, rest);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await once(server.listen(0, '127.0.0.1', 1_024), 'listening');
  const to = (path: string) => posts.filter((one) => one.path.startsWith(path));
  const waitFor = async (path: string, total: number) => {
    while (to(path).length < total) await once(events, 'change');
    return to(path);
  };
  return {
    port: (server.address() as AddressInfo).port,
    posts,
    to,
    waitFor,
    givenUp: async (path) => {
      for (;;) {
        const found = [...gone].find(([one]) => one.startsWith(path));
        if (found) return found[1];
        await once(events, 'change');
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
