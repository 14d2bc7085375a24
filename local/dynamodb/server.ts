import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import dynalite, { type DynaliteOptions } from 'dynalite';
import db, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import './byte-sizes.ts';
import { apiError, isApiError } from './errors.ts';
import { RequestTokens } from './request-tokens.ts';
import { transactGetItems, transactWriteItems } from './requests.ts';
import type { OnConflict } from './targets.ts';
import { transactGet } from './transact-get.ts';
import { transactWrite } from './transact-write.ts';

export type DynamoDbOptions = DynaliteOptions & {
  /** What a transaction does when another request is using one of its items. By default it waits. */
  onConflict?: OnConflict | undefined;
  /** The clock of request tokens, in milliseconds. */
  nowMs?: () => number;
};

type Transaction = { validation: typeof transactWriteItems; run: (data: any) => Promise<object> };

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Starts dynalite and keeps a reference to its store, which dynalite does not expose. */
function dynaliteWithStore(options: DynaliteOptions): { server: Server; store: Store } {
  const create = db.create;
  let store: Store | undefined;
  db.create = (given) => {
    store = create(given);
    return store;
  };
  try {
    const server = dynalite(options);
    if (!store) throw new Error('dynalite no longer creates its store with db.create');
    return { server, store };
  } finally {
    db.create = create;
  }
}

async function readBody(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_REQUEST_BYTES) throw apiError('RequestTooLargeException', 'The request is too large', 413);
  try {
    const data = JSON.parse(Buffer.concat(chunks).toString());
    if (data !== null && typeof data === 'object') return data;
  } catch {
    // Rejected below, like any other body that is not an object.
  }
  throw apiError('SerializationException', 'Start of structure or map not found where expected');
}

async function answerOf(request: IncomingMessage, store: Store, transaction: Transaction): Promise<object> {
  const { types, custom } = transaction.validation;
  const body = await readBody(request);
  if (!request.headers.authorization?.startsWith('AWS4-'))
    throw apiError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  const data = validations.checkTypes(body, types);
  validations.checkValidations(data, types, custom, store);
  return transaction.run(data);
}

function send(response: ServerResponse, status: number, answer: object): void {
  const body = JSON.stringify(answer);
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amzn-requestid': randomUUID(),
      'x-amz-crc32': crc32(body),
    })
    .end(body);
}

/** The client gets the engine's error and may retry. Either nothing is written, or everything. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Promise<object>,
): Promise<void> {
  try {
    send(response, 200, await answer);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    const shown = isApiError(error) ? error : apiError('InternalServerError', String(error), 500);
    send(response, shown.statusCode, shown.body);
  }
}

/**
 * A dynalite that also supports TransactWriteItems and TransactGetItems, and measures keys and items in bytes. All
 * other operations are dynalite's own and take the same locks.
 */
export function createDynamoDb({
  onConflict = 'wait',
  nowMs = Date.now,
  ...options
}: DynamoDbOptions): Server {
  const { server, store } = dynaliteWithStore(options);
  const tokens = new RequestTokens(store, nowMs);
  const transactions = new Map<string, Transaction>([
    [
      'TransactWriteItems',
      { validation: transactWriteItems, run: (data) => transactWrite({ store, tokens, onConflict }, data) },
    ],
    [
      'TransactGetItems',
      { validation: transactGetItems, run: (data) => transactGet(store, onConflict, data) },
    ],
  ]);
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const [api, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const transaction = api === 'DynamoDB_20120810' ? transactions.get(operation) : undefined;
    if (transaction) void respond(request, response, answerOf(request, store, transaction));
    else for (const listener of others) listener.call(server, request, response);
  });
  return server;
}
