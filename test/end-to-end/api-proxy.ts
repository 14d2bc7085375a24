import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a stack that counts writes and can hold responses back. */
export type ApiProxy = {
  url: string;
  /** How many POSTs have passed since the last `reset`. */
  posts: () => number;
  /** Resets the count and the rules for responses. */
  reset: () => void;
  /**
   * What happens to the response of a POST that was carried out: it is passed on, held back, or lost with its
   * connection.
   */
  onPost: (happens: (post: number) => 'passed' | 'held' | 'lost') => void;
  /** Waits until a response is held back. */
  untilHeld: () => Promise<void>;
  /** Passes on the responses that were held back. */
  release: () => void;
  close: () => Promise<void>;
};

const HEADERS = ['content-type', 'x-next-cursor', 'retry-after'];

/** Passes a request on and returns its response. */
async function forward(target: string, request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const answer = await fetch(target + request.url, {
    method: request.method ?? 'GET',
    headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
    ...(body.length > 0 ? { body } : {}),
  });
  const headers = HEADERS.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: Object.fromEntries(headers), bytes };
}

/** @param target returns the origin of the stack */
export async function startApiProxy(target: string): Promise<ApiProxy> {
  let posts = 0;
  let happens: (post: number) => 'passed' | 'held' | 'lost' = () => 'passed';
  const held: (() => void)[] = [];
  const events = new EventEmitter();
  const server = createServer(async (request, response) => {
    const outcome = request.method === 'POST' ? happens(++posts) : 'passed';
    const { status, headers, bytes } = await forward(target, request);
    const pass = () => response.writeHead(status, headers).end(bytes);
    if (outcome === 'passed') pass();
    if (outcome === 'lost') response.destroy();
    if (outcome === 'held') {
      held.push(pass);
      events.emit('held');
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts: () => posts,
    reset: () => {
      posts = 0;
      happens = () => 'passed';
      held.length = 0;
    },
    onPost: (next) => {
      happens = next;
    },
    untilHeld: async () => {
      if (held.length === 0) await once(events, 'held');
    },
    release: () => {
      for (const pass of held.splice(0)) pass();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
