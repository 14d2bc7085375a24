import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A workspace of a running stack, as a client with its key sees it. */
export type Workspace = {
  /** The origin of the stack, without a trailing slash. */
  url: string;
  id: number;
  key: string;
  /** Its path in the API: `/workspace/1`. */
  path: string;
  /** Calls the API with the workspace's key; `body` is sent as JSON. */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Opens a short link without following redirects. */
  click: (path: string, init?: RequestInit) => Promise<Response>;
};

/** A local stack in its own process, as `npm start` runs it, with the workspace that it creates. */
export type LocalStack = Workspace & {
  process: ChildProcess;
  /** Its output to stdout and stderr so far. */
  output: () => string;
  /** Waits until this many lines of the output match, and returns them. */
  lines: (pattern: RegExp, total?: number) => Promise<string[]>;
  /** Sends a signal and returns the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

export type Answer = { status: number; body: any };

function workspaceAt(url: string, { id, key }: { id: number; key: string }): Workspace {
  return {
    url,
    id,
    key,
    path: `/workspace/${id}`,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    },
    click: (path, init) => fetch(url + path, { redirect: 'manual', ...init }),
  };
}

/** Creates a workspace in a running stack. */
export async function createWorkspace(url: string, name = 'Other'): Promise<Workspace> {
  const response = await fetch(`${url}/2015-03-31/functions/WorkspacesCreate/invocations`, {
    method: 'POST',
    body: JSON.stringify({ name }),
  });
  return workspaceAt(url, (await response.json()) as { id: number; key: string });
}

/** A folder for the data of one test. */
export async function dataFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'clickhook-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts `bin/local.ts` and returns its process and its output, without waiting. */
export function spawnLocal(env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, ['bin/local.ts', ...args], {
    cwd: ROOT,
    // This DNS server rejects all requests at once, because no test uses the network.
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', CLICKHOOK_DNS_SERVERS: '127.0.0.1:9', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const written = new EventEmitter().setMaxListeners(0);
  const add = (chunk: Buffer) => {
    text += chunk;
    written.emit('output');
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return { child, output: () => text, written };
}

const READY = /Clickhook is ready at http:\/\/localhost:(\d+)/;

/** Starts a local stack and waits for its ready line. */
export async function startLocal(
  env: Record<string, string> = {},
  args: string[] = ['--memory'],
): Promise<LocalStack> {
  const { child, output, written } = spawnLocal(env, args);
  const exited = once(child, 'exit');
  while (!READY.test(output())) {
    const gone = await Promise.race([once(child.stdout, 'data').then(() => false), exited.then(() => true)]);
    if (gone) throw new Error(`The local stack did not start:\n${output()}`);
  }
  const url = `http://127.0.0.1:${READY.exec(output())?.[1]}`;
  return {
    ...workspaceAt(url, { id: 1, key: env.CLICKHOOK_API_KEY ?? 'ck_local' }),
    process: child,
    output,
    lines: async (pattern, total = 1) => {
      for (;;) {
        const fitting = output()
          .split('\n')
          .filter((line) => pattern.test(line));
        if (fitting.length >= total) return fitting;
        await once(written, 'output');
      }
    },
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
