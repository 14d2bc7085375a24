import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';

const SERVER = fileURLToPath(new URL('../server.ts', import.meta.url));

/** An MCP client and the server that it started, as an agent has them. */
export type Agent = {
  tools: () => Promise<Tool[]>;
  /** Calls a tool and parses its answer. @throws Error with the text of a tool error */
  call: (name: string, input?: Record<string, unknown>) => Promise<any>;
  /** Calls a tool that must fail, and returns the text of its error. */
  failure: (name: string, input?: Record<string, unknown>) => Promise<string>;
  instructions: () => string | undefined;
  close: () => Promise<void>;
};

/** Starts the server with these variables. @throws Error with what it wrote to stderr, if it does not start */
export async function startAgent(env: Record<string, string>, server = SERVER): Promise<Agent> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [server],
    env: { ...env, PATH: process.env.PATH ?? '' },
    stderr: 'pipe',
  });
  let log = '';
  const logEnded = new Promise((resolve) => transport.stderr?.once('end', resolve));
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  try {
    await client.connect(transport);
  } catch {
    await logEnded;
    throw new Error(log.trim());
  }
  const result = async (name: string, input: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: input });
    return { text: (content as { text: string }[])[0]?.text ?? '', isError };
  };
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, input) => {
      const { text, isError } = await result(name, input);
      if (isError) throw new Error(text);
      return JSON.parse(text);
    },
    failure: async (name, input) => {
      const { text, isError } = await result(name, input);
      if (!isError) throw new Error(`${name} succeeded: ${text}`);
      return text;
    },
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  };
}
