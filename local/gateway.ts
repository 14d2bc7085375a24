import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Answered, GatewayError } from './access-log.ts';
import type { LocalFunction } from './functions.ts';
import { gatewayPath, httpEvent } from './http-event.ts';
import { invokeApi } from './invoke-api.ts';
import type { createRouter, ExtraRoute } from './routes.ts';
import { StackError } from './stack-error.ts';

/** What the gateway serves. `routes` is missing while the stack starts and stops. */
export type Served = {
  routes: ReturnType<typeof createRouter<LocalFunction>> | undefined;
  functions: Map<string, LocalFunction>;
  extra: ExtraRoute[];
  /** Called for every request that a route of the template has handled. */
  accessLog: ((event: APIGatewayProxyEventV2, answered: Answered) => void) | undefined;
};

const MAX_HEAD_BYTES = 10_240;
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

function message(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ message: text }));
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

type LambdaAnswer = {
  statusCode?: number;
  headers?: Record<string, unknown>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
};

function send(response: ServerResponse, value: unknown): void {
  const isShaped = typeof value === 'object' && value !== null && 'statusCode' in value;
  if (!isShaped) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    return;
  }
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded } = value as LambdaAnswer;
  for (const [name, header] of Object.entries(headers)) response.setHeader(name, String(header));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > 0 && !response.hasHeader('content-type'))
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', bytes.length);
  response.writeHead(statusCode).end(bytes);
}

async function route(
  served: Served,
  request: IncomingMessage,
  path: string,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  if (!served.routes) {
    message(response, 503, 'Service Unavailable', { 'retry-after': '1', connection: 'close' });
    return;
  }
  const match = served.routes(request.method ?? 'GET', path);
  if (!match) return message(response, 404, 'Not Found');
  const event = httpEvent(request, body, {
    routeKey: match.route.routeKey,
    pathParameters: match.pathParameters,
  });
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES)
    return message(response, 413, 'Request Entity Too Large');
  const startedMs = performance.now();
  let error: GatewayError | undefined;
  response.once('close', () =>
    served.accessLog?.(event, {
      status: response.statusCode,
      bytes: Number(response.getHeader('content-length') ?? 0),
      latencyMs: Math.round(performance.now() - startedMs),
      error,
    }),
  );
  const fail = (status: number, responseType: string, text: string, integrationMessage: string) => {
    error = { responseType, message: text, integrationMessage };
    message(response, status, text);
  };
  const timeout = setTimeout(
    () => fail(503, 'INTEGRATION_TIMEOUT', 'Service Unavailable', 'Endpoint request timed out'),
    INTEGRATION_TIMEOUT_MS,
  );
  const result = await match.route.target.invoke(event);
  clearTimeout(timeout);
  if (response.headersSent) return;
  if ('error' in result) fail(500, 'INTEGRATION_FAILURE', 'Internal Server Error', result.error.errorMessage);
  else send(response, result.value);
}

function headBytes(request: IncomingMessage): number {
  const headers = request.rawHeaders.reduce((bytes, text) => bytes + Buffer.byteLength(text) + 2, 0);
  return headers + Buffer.byteLength(request.url ?? '');
}

async function handle(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (headBytes(request) > MAX_HEAD_BYTES) return message(response, 431, 'Request Header Fields Too Large');
  if (!body) return message(response, 413, 'Request Entity Too Large');
  const { path } = gatewayPath(request.url ?? '/');
  for (const extra of [...served.extra, invokeApi(() => served.functions)]) {
    if (await extra(request, path, body, response)) return;
  }
  await route(served, request, path, body, response);
}

/**
 * Listens at once, and serves what `served` contains at the time of each request.
 * @throws StackError when the address cannot be used
 */
export async function startGateway(
  served: Served,
  host: string,
  port: number,
): Promise<{ server: Server; port: number }> {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    handle(served, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else message(response, 500, 'Internal Server Error');
    });
  });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code, message: text } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StackError(
        `Port ${port} is in use. Stop the program that uses it, or set PORT to another port.`,
      );
    throw new StackError(`Clickhook can't listen on ${host}:${port} (${text}). Check HOST and PORT.`);
  }
  return { server, port: (server.address() as AddressInfo).port };
}
