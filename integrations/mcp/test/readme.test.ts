import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { sharedWorkspace } from '../../../test/shared-stack.ts';
import { startAgent } from './agent.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

type Configuration = { command: string; args: string[]; env: Record<string, string> };

/** The configurations in the README, with this machine's path. */
async function configurations(): Promise<Configuration[]> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  return [...readme.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, block = '']) => {
    const parsed = JSON.parse(block.replaceAll('/path/to/clickhook', ROOT));
    return (parsed.mcpServers ?? parsed.servers).clickhook;
  });
}

test('each configuration in the README starts the server', async () => {
  const { url, key, id } = await sharedWorkspace();
  const all = await configurations();
  expect(all).toHaveLength(2);
  for (const { command, args, env } of all) {
    expect(command).toBe('node');
    const values: Record<string, string> = { CLICKHOOK_BASE_URL: url, CLICKHOOK_API_KEY: key };
    const filled = Object.keys(env).map((name): [string, string] => [name, values[name] ?? '']);
    const agent = await startAgent(Object.fromEntries(filled), args[0]);
    expect(await agent.call('get_workspace')).toMatchObject({ id });
    await agent.close();
  }
});
