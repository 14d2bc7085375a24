import { fork } from 'node:child_process';
import { once } from 'node:events';

const NEW_LINE = '\n'.charCodeAt(0);

/**
 * Runs a script that sends a message for each of its runs. @returns the messages, and how many bytes the script has
 * logged
 */
export async function runsOf<T>(
  script: URL,
  args: string[],
  env: Record<string, string>,
  runs: number,
): Promise<{ runs: T[]; logBytes: number; logLines: number }> {
  const child = fork(script, args, { env, execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const seen: T[] = [];
  let logBytes = 0;
  let logLines = 0;
  child.on('message', (message) => seen.push(message as T));
  child.stdout?.on('data', (chunk: Buffer) => {
    logBytes += chunk.length;
    logLines += chunk.filter((byte) => byte === NEW_LINE).length;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || seen.length !== runs) {
    throw new Error(`${script.pathname.split('/').at(-1)} ended with code ${code} after ${seen.length} runs`);
  }
  return { runs: seen, logBytes, logLines };
}
