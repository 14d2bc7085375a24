import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Observer } from './observer.ts';

/** The bytes of one POST, as written to a socket. */
export type Request = { path: string; headers: string[]; body: string };

/** The status of a response. `over` resolves to whether its socket can be used again. It never rejects. */
export type Answer = { status: number; over: Promise<boolean> };

const SWITCHING_PROTOCOLS = 101;

/** The most bytes of headers that a response may have. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * A response body up to this size is read, to keep the socket for the next delivery. A longer one closes the socket.
 */
const DRAINED_BYTES = 16 * 1024;

/**
 * The most bytes that are read before the final status. After that, reading stops until the deadline, so that a flood
 * of data costs no CPU time.
 */
const LEADING_BYTES = 1024 * 1024;

/** Reads the rest of a short response and discards it. A longer response closes its socket. */
function drain(response: IncomingMessage, socket: Socket): void {
  let bytes = 0;
  // The outcome is decided already, so an error in the body changes nothing.
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAINED_BYTES) socket.destroy();
  });
}

/**
 * Stops reading a socket when too much data arrives before the final status. @returns a function that ends the check
 */
function limitLead(socket: Socket): () => void {
  const bytesBefore = socket.bytesRead;
  let watching = true;
  const watch = () => {
    if (socket.bytesRead - bytesBefore <= LEADING_BYTES) return;
    // This runs after the parser's turn, which resumes the socket at the end of each informational response.
    process.nextTick(() => watching && socket.pause());
  };
  socket.on('data', watch);
  return () => {
    watching = false;
    socket.off('data', watch);
  };
}

/** Resolves to true when a socket is free again, and to false when it is closed. */
function freed(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (reusable: boolean) => {
      socket.off('free', free).off('close', closed);
      resolve(reusable);
    };
    const free = () => end(!socket.destroyed);
    const closed = () => end(false);
    socket.on('free', free).on('close', closed);
  });
}

/**
 * Writes one request, once, to a connected socket that has no other user, and resolves to the final status. Skips
 * informational responses (1xx).
 * Responses are parsed leniently, as other clients do: `insecureHTTPParser` accepts bare LF and more. That is safe
 * here, because no part of a response is passed on, except the beginning of a body as text in the answer to a check. If the end of a response is misread, only the receiver's own socket
 * is affected: it has one request at a time, and unexpected data closes it.
 * @throws the socket's error; the parser's error when the response is not HTTP
 */
export async function exchange(
  socket: Socket,
  { path, headers, body }: Request,
  observer?: Observer,
): Promise<Answer> {
  if (socket.destroyed) throw socket.errored ?? new Error('The socket has closed');
  const over = freed(socket);
  const unlimited = limitLead(socket);
  return new Promise((resolve, reject) => {
    const sent = request({
      createConnection: () => socket,
      method: 'POST',
      path,
      headers,
      insecureHTTPParser: true,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    const answered = (response: IncomingMessage) => {
      unlimited();
      observer?.answered(response);
      const status = response.statusCode ?? 0;
      // The request did not ask for another protocol, and the data that follows is not HTTP.
      if (status === SWITCHING_PROTOCOLS) socket.destroy();
      drain(response, socket);
      resolve({ status, over });
    };
    sent.on('response', answered).on('upgrade', answered);
    sent.on('error', reject);
    // Without this header, a request that has no agent closes its socket after the response.
    sent.shouldKeepAlive = true;
    sent.end(body);
  });
}
