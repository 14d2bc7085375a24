import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An operation on its way to an engine: its name, such as `PutItem` or `SendMessage`, and its parsed body. */
export type Operation = { name: string; input: Record<string, any> };

/**
 * What happens to an operation. `pass` passes it on, `break` hangs up without a response, `hang` never responds and
 * never passes it on, a number passes it on after that many milliseconds, and `throttle` and `fail` respond as AWS
 * does.
 */
export type FaultMode = 'pass' | 'break' | 'hang' | 'throttle' | 'fail' | number;

/** A proxy that causes faults of an engine. */
export type EngineProxy = {
  url: string;
  /** Sets what happens to each operation from now on. */
  decide: (mode: (operation: Operation) => FaultMode) => void;
  /** Changes an operation's input before it is passed on. */
  rewrite: (change: (operation: Operation) => Record<string, unknown>) => void;
  /** Resolves when the engine is processing none of these operations. */
  idle: (name: string) => Promise<void>;
  close: () => Promise<void>;
};

const THROTTLED = [400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException'] as const;
const FAILED = [500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'] as const;

function refuse(response: ServerResponse, [status, __type]: typeof THROTTLED | typeof FAILED): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type, message: 'as told' }));
}

async function operationOf(request: IncomingMessage): Promise<Operation> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const target = String(request.headers['x-amz-target'] ?? '');
  return { name: target.split('.').at(-1) ?? '', input: body ? JSON.parse(body) : {} };
}

async function passOn(target: string, request: IncomingMessage, input: unknown, response: ServerResponse) {
  const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
  const answer = await fetch(target + request.url, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: JSON.stringify(input),
  });
  const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0';
  // The client checks checksums and lengths, because it gets the engine's body unchanged.
  response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
}

/** Starts a proxy in front of an engine. By default it passes everything on. */
export async function startEngineProxy(target: string): Promise<EngineProxy> {
  let decide = (_operation: Operation): FaultMode => 'pass';
  let rewrite = ({ input }: Operation): Record<string, unknown> => input;
  const passed = new Map<string, number>();
  const events = new EventEmitter();
  const enter = (name: string, step: 1 | -1) => {
    passed.set(name, (passed.get(name) ?? 0) + step);
    events.emit('step');
  };
  const server = createServer(async (request, response) => {
    const operation = await operationOf(request);
    const mode = decide(operation);
    if (mode === 'hang') return;
    if (mode === 'break') return void request.socket.destroy();
    if (mode === 'throttle') return refuse(response, THROTTLED);
    if (mode === 'fail') return refuse(response, FAILED);
    if (typeof mode === 'number') await new Promise((resolve) => setTimeout(resolve, mode));
    enter(operation.name, 1);
    await passOn(target, request, rewrite(operation), response).catch(() => request.socket.destroy());
    enter(operation.name, -1);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: (mode) => {
      decide = mode;
    },
    rewrite: (change) => {
      rewrite = change;
    },
    idle: async (name) => {
      while ((passed.get(name) ?? 0) > 0) await once(events, 'step');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
