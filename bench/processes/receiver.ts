/**
 * Webhooks in a separate process: `/hang…` never responds, `/slow…` responds after 100 ms like one on another
 * continent, and all others respond at once. Reports when the last delivery arrived.
 */
import { createServer } from 'node:http';
import type { ReceiverSeen, ReceiverStarted } from '../receiver.ts';

const SLOW_MS = 100;

let seen: ReceiverSeen = { answered: 0, lastAnsweredAtMs: 0 };

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.url?.startsWith('/hang')) return;
    const answer = () => {
      response.end();
      seen = { answered: seen.answered + 1, lastAnsweredAtMs: Date.now() };
    };
    if (request.url?.startsWith('/slow')) setTimeout(answer, SLOW_MS);
    else answer();
  });
});

process.on('message', () => {
  process.send?.(seen);
  seen = { answered: 0, lastAnsweredAtMs: 0 };
});
process.on('disconnect', () => process.exit(0));

server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
  const address = server.address();
  const started: ReceiverStarted = { port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
  process.send?.(started);
});
