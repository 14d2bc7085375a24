import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An event on its way to a function, with what Lambda sends along. */
export type Invocation = {
  requestId: string;
  /** X-Ray's header. */
  traceId: string;
  functionArn: string;
  deadlineEpochMs: number;
  event: unknown;
};

/** What a function reports when its handler or its module throws. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };
export type Outcome = { value: unknown } | { error: FunctionError };

/** Lambda's side of one function instance: hands out events, and takes answers. */
export type RuntimeApi = {
  /** Host and port, as AWS_LAMBDA_RUNTIME_API has them. */
  address: string;
  /** Resolves when the function is loaded and asks for its first event. Rejects when it reports that it can't be. */
  ready: Promise<void>;
  /** Resolves when the function has answered and asks for its next event. */
  idle: () => Promise<unknown>;
  /** Hands out an event, says so, and gives what the function answers. */
  invoke: (invocation: Invocation, handedOut: () => void) => Promise<Outcome>;
  close: () => Promise<void>;
};

const PREFIX = '/2018-06-01/runtime';

function handOut(response: ServerResponse, invocation: Invocation): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Deadline-Ms': String(invocation.deadlineEpochMs),
    'Lambda-Runtime-Invoked-Function-Arn': invocation.functionArn,
    'Lambda-Runtime-Trace-Id': invocation.traceId,
  });
  response.end(JSON.stringify(invocation.event));
}

/** Starts the Runtime API of one function instance on a free loopback port. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const ready = Promise.withResolvers<void>();
  // A test that doesn't wait for it learns of the failure from its invocation.
  ready.promise.catch(() => undefined);
  let asking = Promise.withResolvers<ServerResponse>();
  let running: { requestId: string; settle: (outcome: Outcome) => void } | undefined;

  /** Takes what a function posts. @returns whether it is about the event that is running */
  const take = (path: string, body: string): boolean => {
    if (path === `${PREFIX}/init/error`) {
      ready.reject(new Error(`The function does not load: ${body}`));
      return true;
    }
    const [, requestId, kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (!running || requestId !== running.requestId) return false;
    running.settle(kind === 'response' ? { value: JSON.parse(body) } : { error: JSON.parse(body) });
    running = undefined;
    return true;
  };
  const server = createServer(async (request: IncomingMessage, response) => {
    if (request.method === 'GET' && request.url === `${PREFIX}/invocation/next`) {
      ready.resolve();
      asking.resolve(response);
      return;
    }
    const taken = take(request.url ?? '', await text(request));
    response.writeHead(taken ? 202 : 400, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ status: taken ? 'OK' : 'InvalidRequestID' }));
  });
  // A function waits for its next event on a connection of any age.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    idle: () => asking.promise,
    invoke: async (invocation, handedOut) => {
      const response = await asking.promise;
      asking = Promise.withResolvers();
      return new Promise((settle) => {
        running = { requestId: invocation.requestId, settle };
        handOut(response, invocation);
        handedOut();
      });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
