import type * as http from 'node:http';
import type * as https from 'node:https';

/** One signed HTTP request. */
export type Request = {
  origin: URL;
  path: string;
  headers: Record<string, string>;
  body: string;
};
export type Response = { status: number; headers: http.IncomingHttpHeaders; text: string };

/** What an error tells about the response: the part of the SDK's metadata that AWS's support asks for. */
export const metadataOf = ({ status, headers }: Omit<Response, 'text'>) => ({
  httpStatusCode: status,
  requestId: headers['x-amzn-requestid'],
});

/** Limits of one attempt, in milliseconds. Without one, only the caller's signal ends it. */
export type Timeouts = { connectionTimeout?: number; requestTimeout?: number };

/** Pools of sockets that stay open between clicks, each created with its first request. One client has its own. */
export type Agents = { httpAgent?: http.Agent; httpsAgent?: https.Agent };

const AGENT = { keepAlive: true, maxSockets: 50 };

/** The module and the pool for a protocol. They are loaded when they are needed: node:https takes 5 ms of a cold start. */
function transportOf({ protocol }: URL, agents: Agents) {
  if (protocol === 'https:') {
    const { Agent, request } = process.getBuiltinModule('node:https');
    agents.httpsAgent ??= new Agent(AGENT);
    return { request, agent: agents.httpsAgent };
  }
  const { Agent, request } = process.getBuiltinModule('node:http');
  agents.httpAgent ??= new Agent(AGENT);
  return { request, agent: agents.httpAgent };
}

const timeoutError = (message: string) =>
  Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });

/** What the SDK throws when the caller's signal aborts. */
export const abortError = () => Object.assign(new Error('Request aborted'), { name: 'AbortError' });

/** node:http's names of broken connections, which the SDK calls timeouts until a response has begun. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function named(error: Error & { code?: string }): Error {
  return BROKEN.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error;
}

/** Ends a request whose connection or whose response takes too long. @returns what stops the clocks */
function limit(request: http.ClientRequest, { connectionTimeout, requestTimeout }: Timeouts): () => void {
  const end = (message: string) => () => request.destroy(timeoutError(message));
  const connecting =
    connectionTimeout && setTimeout(end(`No connection within ${connectionTimeout} ms`), connectionTimeout);
  const responding =
    requestTimeout && setTimeout(end(`No response within ${requestTimeout} ms`), requestTimeout);
  if (connecting) {
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
      else clearTimeout(connecting);
    });
  }
  return () => {
    clearTimeout(connecting || undefined);
    clearTimeout(responding || undefined);
  };
}

/**
 * Sends a request and reads the whole response.
 * @throws Error named AbortError or TimeoutError, or node:http's own
 */
export function exchange(
  { origin, path, headers, body }: Request,
  agents: Agents,
  timeouts: Timeouts,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError());
    const { request: open, agent } = transportOf(origin, agents);
    const request = open({
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port || undefined,
      method: 'POST',
      path,
      headers,
      agent,
    });
    const stopClocks = limit(request, timeouts);
    const onAbort = () => fail(abortError());
    const done = () => {
      stopClocks();
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      done();
      request.destroy();
      reject(error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    request.on('error', (error) => fail(named(error)));
    request.once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const chunks: Buffer[] = [];
      // The limits are those of the headers, as in the SDK. The body is a few kilobytes and has the caller's signal.
      stopClocks();
      response.on('data', (chunk) => chunks.push(chunk));
      const $metadata = metadataOf({ status, headers });
      response.on('error', (error) => fail(Object.assign(error, { $metadata })));
      response.once('end', () => {
        done();
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    request.end(body);
  });
}
