import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ApiProxy, startApiProxy } from './api-proxy.ts';
import { dataFolder, type LocalStack, startLocal } from './local-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Links as an export contains them. */
export type Exported = Record<string, unknown>[];

/** A stack behind a proxy, and the import that runs through it. */
export async function startImportTarget() {
  const folder = await dataFolder();
  const stack = await startLocal();
  const proxy: ApiProxy = await startApiProxy(stack.url);
  /** Starts the import as its npm script does. */
  const start = (args: string[], env: Record<string, string> = {}) =>
    startImport(args, { CLICKHOOK_URL: proxy.url, ...env });
  return {
    stack,
    proxy,
    start,
    run: (args: string[], env?: Record<string, string>) => start(args, env).ended,
    /** The path of a file with this name, which may not exist yet. */
    path: (name: string) => join(folder.path, name),
    write: async (name: string, content: string) => {
      const path = join(folder.path, name);
      await writeFile(path, content);
      return path;
    },
    close: async () => {
      await proxy.close();
      await stack.stop();
      await folder.remove();
    },
  };
}

function startImport(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['bin/import.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', CLICKHOOK_API_KEY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      written[name] += chunk;
    });
  }
  return { child, ended: once(child, 'close').then(([code]) => ({ code, ...written })) };
}

/** The links of a stack, or those that a search finds. */
export async function linksOf(stack: LocalStack, search = ''): Promise<Exported> {
  return (await stack.call('GET', `/workspace/1/links/export?search=${encodeURIComponent(search)}`)).body;
}

/** A CSV file of links with these slugs. */
export function csvOf(slugs: string[]): string {
  return ['url,slug', ...slugs.map((slug) => `https://example.com${slug},${slug}`)].join('\n');
}
