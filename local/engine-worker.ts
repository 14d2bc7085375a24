/**
 * Runs one embedded engine in its own thread. Its work (SQLite, LevelDB, JSON) then never blocks the gateway, and a
 * request that it cannot handle never ends the whole stack.
 */
import { mkdir } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { buildApp } from 'fauxqs';
import { foreignRefusal } from './cross-site.ts';
import { createDynamoDb } from './dynamodb/server.ts';
import type { EngineReport, EngineRequest } from './engines.ts';

const LOOPBACK = '127.0.0.1';

type Running = { url: string; close: () => Promise<void> };

/**
 * When LevelDB cannot open, dynalite only throws an uncaught error without the reason. So LevelDB is opened here first.
 */
async function checkLevelDb(path: string): Promise<void> {
  const { Level } = createRequire(import.meta.resolve('dynalite'))('level');
  const db = new Level(path, { valueEncoding: 'json' });
  await db.open();
  await db.close();
}

/** dynalite allows requests from all origins, and so from every web page. */
function refuseWebPages(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const refusal = foreignRefusal(request.headers);
    if (refusal === undefined) for (const listener of listeners) listener.call(server, request, response);
    else
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: refusal }));
  });
}

async function startDynamoDb({ folder, onConflict }: EngineRequest): Promise<Running> {
  if (folder) await checkLevelDb(folder);
  const times = { createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 };
  const server = createDynamoDb({ ...times, ...(folder && { path: folder }), onConflict });
  // dynalite throws when a client disconnects during a request, as a function does when it times out.
  server.on('request', (request) => request.removeAllListeners('error').on('error', () => undefined));
  refuseWebPages(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, LOOPBACK, resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`, close };
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;

/** fauxqs has no option to keep data and still listen only on loopback, so its parts are combined here. */
async function persistentStores(folder: string): Promise<{ stores: Stores; close: () => void }> {
  const part = (path: string) => import(new URL(path, import.meta.resolve('fauxqs')).href);
  const [{ PersistenceManager }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['./persistence.js', './sqs/sqsStore.js', './sns/snsStore.js', './s3/s3Store.js'].map(part),
  );
  const persistence = new PersistenceManager(folder);
  // Allows one stack per folder. Without a sync per message, a crash of this process loses nothing, but a power failure
  // may.
  persistence.db.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT',
  );
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

/** fauxqs rejects characters beyond the basic plane (emoji), which SQS accepts. */
async function acceptAllOfUnicode(): Promise<void> {
  const { INVALID_MESSAGE_BODY_CHAR } = await import(
    new URL('./sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href
  );
  const invalid = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
  Object.assign(INVALID_MESSAGE_BODY_CHAR, { test: (body: string) => invalid.test(body) });
}

async function startSqs(folder: string | undefined): Promise<Running> {
  await acceptAllOfUnicode();
  const persistent = folder ? await persistentStores(folder) : undefined;
  const app = buildApp({ logger: false, ...(persistent && { stores: persistent.stores }) });
  app.addHook('onRequest', async (request, reply) => {
    const refusal = foreignRefusal(request.headers);
    if (refusal !== undefined) return reply.code(403).send({ message: refusal });
  });
  const url = await app.listen({ port: 0, host: LOOPBACK });
  const close = async () => {
    await app.close();
    persistent?.close();
  };
  return { url, close };
}

const report = (message: EngineReport) => parentPort?.postMessage(message);

async function run(request: EngineRequest): Promise<void> {
  const { engine, folder } = request;
  try {
    if (folder) await mkdir(folder, { recursive: true });
    const running = await (engine === 'dynamodb' ? startDynamoDb(request) : startSqs(folder));
    // A failing request must not end the engine. Its client sees a broken connection and tries again.
    process.on('uncaughtException', (error) => report({ warning: error.message }));
    parentPort?.once('message', async () => {
      await running.close();
      process.exit(0);
    });
    report({ url: running.url });
  } catch (error) {
    const { code, message, cause } = error as Error & { code?: string; cause?: Error & { code?: string } };
    report({ failure: { code: cause?.code ?? code ?? '', message: cause?.message ?? message } });
  }
}

await run(workerData as EngineRequest);
