import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

/** What is written on a socket: one POST. */
export type Request = { path: string; headers: string[]; body: string };

/** An answer's status; `over` resolves, never rejects, with whether its socket can serve another request. */
export type Answer = { status: number; over: Promise<boolean> };

const SWITCHING_PROTOCOLS = 101;

/** Most bytes of headers that an answer may have. */
const MAX_HEADER_BYTES = 64 * 1024;

/** So much of an answer's body is read, to keep the socket for the next post; more destroys it. */
const DRAINED_BYTES = 16 * 1024;

/** So much is read before the final status; then nothing until the deadline, so that a flood costs no CPU. */
const LEADING_BYTES = 1024 * 1024;

/** Reads the rest of a short answer; a longer one loses its socket. Nobody wants what it says. */
function drain(response: IncomingMessage, socket: Socket): void {
  let bytes = 0;
  // The outcome is decided already: whatever becomes of the body changes nothing.
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAINED_BYTES) socket.destroy();
  });
}

/** Stops reading a socket from which too much comes before the final status. @returns what ends the watch */
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

/** Resolves when a socket is free again (true) or closed (false); when the signal aborts, it is closed. */
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
 * Writes one request to a connected socket that is nobody else's, once, and resolves with the final status:
 * informational responses (1xx) are skipped.
 *
 * Receivers are read leniently, as other clients read them: bare LF, and whatever else `insecureHTTPParser` lets in.
 * That is safe here, because nothing of an answer is passed on, and two readings of where it ends can only confuse
 * the receiver's own socket: it carries one request at a time, and bytes that nobody asked for close it.
 * @throws the socket's own error; the parser's, when what comes is not HTTP
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
      // Nobody asked for another protocol: what follows is not HTTP.
      if (status === SWITCHING_PROTOCOLS) socket.destroy();
      drain(response, socket);
      resolve({ status, over });
    };
    sent.on('response', answered).on('upgrade', answered);
    sent.on('error', reject);
    // A request without an agent would close its socket after the answer.
    sent.shouldKeepAlive = true;
    sent.end(body);
  });
}
