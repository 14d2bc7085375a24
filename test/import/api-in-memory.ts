import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ApiClient } from '../../import/client.ts';
import { list as domains } from '../../lambdas/domains/handlers.ts';
import { export as exported, list, save } from '../../lambdas/links/handlers.ts';
import { list as workspaces } from '../../lambdas/workspaces/handlers.ts';
import { engineTable, KEY } from '../lambdas/engine-table.ts';
import { httpEvent } from '../lambdas/http-event.ts';

type Handler = (event: any, context: any) => Promise<unknown>;

const HANDLERS: Record<string, Handler> = {
  'GET /workspaces': workspaces,
  'GET /workspace/1/domains': domains,
  'GET /workspace/1/links/export': exported,
  'GET /workspace/1/list_links': list,
  'POST /workspace/1/links': save,
  'POST /link': save,
};

/**
 * What happens to a call. `lost-before`: it is never carried out. `lost-after`: it is carried out, and the response is
 * lost.
 */
export type CallOutcome = 'lost-before' | 'lost-after' | Response | undefined;

async function invoke(method: string, url: URL, body: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  const path = url.pathname.replace('/api/v1', '');
  const handler = HANDLERS[`${method} ${path}`];
  if (!handler) throw new Error(`No handler for ${method} ${path}`);
  const event = httpEvent({
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await handler(event, {})) as APIGatewayProxyStructuredResultV2;
}

async function meet(outcome: CallOutcome, done: () => ReturnType<typeof invoke>): Promise<Response> {
  if (outcome instanceof Response) return outcome;
  if (outcome === 'lost-before') throw new TypeError('fetch failed');
  const { body, statusCode, headers } = await done();
  if (outcome === 'lost-after') throw new TypeError('fetch failed');
  return new Response(body ?? null, {
    status: statusCode ?? 0,
    headers: headers as Record<string, string>,
  });
}

// One table for each test file. Each test starts with workspaces 1 and 2 and nothing else.
const table = engineTable();

/** The API's own functions with a table in memory, behind a `fetch` that can lose calls. */
export function apiInMemory() {
  const calls: string[] = [];
  const waits: number[] = [];
  let nowMs = 0;
  const api = {
    table,
    /** Every call, such as `POST /workspace/1/links`. */
    calls,
    /** The pauses that the client has made, in milliseconds. */
    waits,
    outcome: (_call: string, _body: any): CallOutcome | Promise<CallOutcome> => undefined,
    posts: () => calls.filter((call) => call.startsWith('POST')).length,
    /** Calls the API directly, without lost calls. */
    direct: async (method: string, path: string, body?: unknown) => {
      const answer = await invoke(method, new URL(`https://links.example.com/api/v1${path}`), body);
      return JSON.parse(answer.body ?? 'null');
    },
    client: new ApiClient({
      origin: 'https://links.example.com',
      key: KEY,
      fetch: fetchInMemory as typeof fetch,
      wait: async (ms) => {
        waits.push(ms);
        nowMs += ms;
      },
      nowMs: () => nowMs,
    }),
  };

  async function fetchInMemory(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address);
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    const call = `${init.method} ${url.pathname.replace('/api/v1', '')}`;
    calls.push(call);
    return meet(await api.outcome(call, body), () => invoke(init.method ?? 'GET', url, body));
  }

  return api;
}

export type ApiInMemory = ReturnType<typeof apiInMemory>;
