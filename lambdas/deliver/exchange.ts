import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

/** What is written on a socket: one POST. */
export type Request = { path: string; headers: string[]; body: string };

/** An answer's status. `over` resolves, never rejects, with whether its socket can serve another request. */
export type Answer = { status: number; over: Promise<boolean> };

const SWITCHING_PROTOCOLS = 101;

/** Most bytes of headers that an answer may have. */
const MAX_HEADER_BYTES = 64 * 1024;

/** An answer's body is read up to this size, to keep the socket for the next post. A longer body destroys the socket. */
const DRAINED_BYTES = 16 * 1024;

/** The most that is read before the final status. Then nothing is read until the deadline: a flood costs no CPU. */
const LEADING_BYTES = 1024 * 1024;

/** Reads the rest of a short answer and throws it away. A longer answer loses its socket. */
function drain(response: IncomingMessage, socket: Socket): void {
  let bytes = 0;
  // The outcome is decided already: an error in the body changes nothing.
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAINED_BYTES) socket.destroy();
  });
}

/** Stops reading a socket when too much comes before the final status. @returns a function that ends the watch */
function limitLead(socket: Socket): () => void {
  const bytesBefore = socket.bytesRead;
  let watching = true;
  const watch = () => {
    if (socket.bytesRead - bytesBefore <= LEADING_BYTES) return;
    // After the parser's turn, which resumes the socket at the end of each informational response.
    process.nextTick(() => watching && socket.pause());
  };
  socket.on('data', watch);
  return () => {
    watching = false;
    socket.off('data', watch);
  };
}

/** Resolves when a socket is free again (true) or closed (false). Closes it when the signal aborts. */
function freed(socket: Socket, signal: AbortSignal): Promise<boolean> {
  const giveUp = () => socket.destroy();
  signal.addEventListener('abort', giveUp);
  return new Promise((resolve) => {
    const end = (reusable: boolean) => {
      signal.removeEventListener('abort', giveUp);
      socket.off('free', free).off('close', closed);
      resolve(reusable);
    };
    const free = () => end(!socket.destroyed);
    const closed = () => end(false);
    socket.on('free', free).on('close', closed);
  });
}

/**
 * Writes one request, once, to a connected socket that nobody else uses, and resolves with the final status.
 * Informational responses (1xx) are skipped.
 *
 * Answers are read leniently, as other clients read them: `insecureHTTPParser` accepts bare LF and more. That is safe
 * here, because no part of an answer is passed on. If we misread where an answer ends, only the receiver's own socket
 * is confused: it carries one request at a time, and bytes that no request asked for close it.
 * @throws the socket's own error; the parser's, when the answer is not HTTP
 */
export async function exchange(
  socket: Socket,
  { path, headers, body }: Request,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  if (socket.destroyed) throw socket.errored ?? new Error('The socket has closed');
  const over = freed(socket, signal);
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
      const status = response.statusCode ?? 0;
      // We did not ask for another protocol, and what follows is not HTTP.
      if (status === SWITCHING_PROTOCOLS) socket.destroy();
      drain(response, socket);
      resolve({ status, over });
    };
    sent.on('response', answered).on('upgrade', answered);
    sent.on('error', reject);
    // Without this, a request that has no agent closes its socket after the answer.
    sent.shouldKeepAlive = true;
    sent.end(body);
  });
}
