import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OnConflict } from './dynamodb/targets.ts';
import { messageOf, StackError } from './stack-error.ts';

export type EngineName = 'dynamodb' | 'sqs';
/** What an engine's thread is started with. Without a folder, the engine keeps everything in memory. */
export type EngineRequest = {
  engine: EngineName;
  folder: string | undefined;
  onConflict?: OnConflict | undefined;
};
/** The messages of an engine's thread: first its URL or why it did not start, later warnings. */
export type EngineReport =
  | { url: string }
  | { failure: { code: string; message: string } }
  | { warning: string };

/** A running engine at `url` (no trailing slash). Closing does not affect an external engine. */
export type Engine = { url: string; embedded: boolean; close: () => Promise<void> };

export type EngineOptions = {
  /** The endpoint of another engine to use instead of the embedded one. */
  endpoint?: string | undefined;
  /** The folder for data. Without it the embedded engine keeps nothing. */
  dataFolder?: string | undefined;
  /** What the embedded DynamoDB does when two requests conflict at an item. A test can ask for AWS's cancellation. */
  onConflict?: OnConflict | undefined;
  warn: (line: string) => void;
};

const TITLE = { dynamodb: 'DynamoDB (dynalite)', sqs: 'SQS (fauxqs)' } as const;

/** The sentence that says what is wrong with the data folder and what to do. */
function explain(
  engine: EngineName,
  folder: string | undefined,
  { code, message }: { code: string; message: string },
): string {
  if (code === 'LEVEL_LOCKED' || /database is locked/i.test(message)) {
    return `The data folder ${folder} is in use by another local stack. Stop that one, or set CLICKHOOK_DATA to another folder.`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return `The data folder ${folder} can't be created, because a file with that name exists. Move the file, or set CLICKHOOK_DATA to another folder.`;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code) || /permission denied|readonly database/i.test(message)) {
    return `The data folder ${folder} is not writable (${messageOf(message)}). Change its permissions, or set CLICKHOOK_DATA to another folder.`;
  }
  if (folder) {
    return `The data in ${folder} can't be opened (${messageOf(message)}). Remove the folder to start without data, or set CLICKHOOK_DATA to another folder.`;
  }
  return `${TITLE[engine]} did not start: ${messageOf(message)}`;
}

function closeWorker(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const forced = setTimeout(() => worker.terminate(), 5_000);
    worker.once('exit', () => {
      clearTimeout(forced);
      resolve();
    });
    worker.postMessage('close');
  });
}

async function startEmbedded(
  engine: EngineName,
  { dataFolder, onConflict, warn }: EngineOptions,
): Promise<Engine> {
  const folder = dataFolder === undefined ? undefined : join(dataFolder, engine);
  const workerData: EngineRequest = { engine, folder, onConflict };
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { workerData, execArgv: [] });
  const url = await new Promise<string>((resolve, reject) => {
    worker.on('message', (message: EngineReport) => {
      if ('url' in message) resolve(message.url);
      else if ('warning' in message) warn(`${TITLE[engine]}: ${messageOf(message.warning)}`);
      else reject(new StackError(explain(engine, folder, message.failure)));
    });
    worker.on('error', (error) => {
      warn(`${TITLE[engine]} stopped: ${messageOf(error)}`);
      reject(new StackError(explain(engine, folder, { code: '', message: messageOf(error) })));
    });
  }).catch(async (error) => {
    await worker.terminate();
    throw error;
  });
  return { url, embedded: true, close: () => closeWorker(worker) };
}

/**
 * Starts an embedded engine on a free loopback port, or uses the external one.
 * @throws StackError when its data folder cannot be used, or the endpoint is not a URL
 */
export async function startEngine(engine: EngineName, options: EngineOptions): Promise<Engine> {
  if (!options.endpoint) return startEmbedded(engine, options);
  if (!URL.canParse(options.endpoint)) {
    throw new StackError(
      `The ${TITLE[engine].split(' ')[0]} endpoint ${options.endpoint} is not a URL. Set it to one such as http://127.0.0.1:8000.`,
    );
  }
  return { url: options.endpoint.replace(/\/+$/, ''), embedded: false, close: async () => undefined };
}
