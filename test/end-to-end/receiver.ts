import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A complete request that the receiver got. */
export type Received = { path: string; headers: IncomingHttpHeaders; body: string; atMs: number };

/** A webhook receiver on a free loopback port. It counts its requests. */
export type Receiver = {
  /** The origin, without a trailing slash. */
  url: string;
  received: Received[];
  /** Waits until this many requests have arrived in all. */
  waitFor: (total: number) => Promise<Received[]>;
  /** Emits `hangup` when a client gives up on a request. */
  events: EventEmitter;
  close: () => Promise<void>;
};

/** @param answer answers a request; by default 204 at once */
export async function startReceiver(
  answer: (response: ServerResponse, received: Received) => void = (response) =>
    response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const events = new EventEmitter();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      atMs: performance.now(),
    };
    received.push(one);
    response.on('close', () => events.emit('hangup', performance.now() - one.atMs));
    events.emit('received');
    answer(response, one);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    events,
    waitFor: async (total) => {
      while (received.length < total) await once(events, 'received');
      return received;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
