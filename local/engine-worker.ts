/**
 * Runs one embedded engine in a thread of its own: its work (SQLite, LevelDB, JSON) then never holds up the
 * gateway, and a request that it can't cope with never takes the whole stack down.
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

/** dynalite tells why LevelDB can't open only by an uncaught error without the reason: ask LevelDB first. */
async function checkLevelDb(path: string): Promise<void> {
  const { Level } = createRequire(import.meta.resolve('dynalite'))('level');
  const db = new Level(path, { valueEncoding: 'json' });
  await db.open();
  await db.close();
}

/** dynalite lets every web page in: it allows all origins. */
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
  // dynalite throws when a client hangs up in the middle of a request, which a function that times out does.
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

/** fauxqs exports no way to persist and still listen on loopback only, so its parts are put together here. */
async function persistentStores(folder: string): Promise<{ stores: Stores; close: () => void }> {
  const part = (path: string) => import(new URL(path, import.meta.resolve('fauxqs')).href);
  const [{ PersistenceManager }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['./persistence.js', './sqs/sqsStore.js', './sns/snsStore.js', './s3/s3Store.js'].map(part),
  );
  const persistence = new PersistenceManager(folder);
  // One stack per folder. And a crash of this process loses nothing without a sync per message; a power cut may.
  persistence.db.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT',
  );
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

/** fauxqs refuses characters beyond the basic plane (emoji), which SQS takes. */
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
    // A failing request must not end the engine; its client sees the connection break and tries again.
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
