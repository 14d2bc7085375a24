import type { FunctionInstance } from './function-instance.ts';
import { type Answer, type RuntimeStack, resultOf } from './runtime-stack.ts';

/** A workspace of a stack, as a client with its key sees it. */
export type Workspace = {
  id: number;
  /** Calls the API; `body` is sent as JSON, and the answer's body is parsed. */
  call: (
    method: string,
    path: string,
    body?: unknown,
    query?: string,
  ) => Promise<{ status: number; body: any }>;
  /** Creates a link. */
  linkTo: (fields: Record<string, unknown>) => Promise<{ id: number; slug: string }>;
};

/** Deliveries may reach this machine, and no function asks a DNS server: nobody answers at that one. */
export const LOOPBACK = { CLICKHOOK_ALLOW_LOOPBACK: '1', CLICKHOOK_DNS_SERVERS: '127.0.0.1:9' };

/**
 * Opens a link for the first time. If a busy machine takes longer to load what a click needs than a click waits for the
 * queue, no test misses that click.
 */
export async function warmUp(stack: RuntimeStack, path: string, instance?: FunctionInstance): Promise<void> {
  const request = { method: 'GET', path };
  if (instance) await instance.invoke(stack.route(request).event);
  else await stack.request(request);
  await stack.takeMessages();
}

/** The bytes of an answer, which is base64 where it isn't text. */
export const bytesOf = ({ body = '', isBase64Encoded = false }: Answer) =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

/** Creates a workspace through the function that creates them. */
export async function createWorkspace(stack: RuntimeStack): Promise<Workspace> {
  const created = resultOf<{ id: number; key: string }>(
    await stack.invoke('WorkspacesCreate', { name: 'Runtime' }),
  );
  const call: Workspace['call'] = async (method, path, body, query) => {
    const answer = await stack.request({
      method,
      path: `/api/v1${path}`,
      query,
      headers: { authorization: `Bearer ${created.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode ?? 0, body: JSON.parse(bytesOf(answer).toString()) };
  };
  return {
    id: created.id,
    call,
    linkTo: async (fields) => {
      const { status, body } = await call('POST', '/link', { url: 'https://example.com/', ...fields });
      if (status !== 200) throw new Error(`The link was refused: ${JSON.stringify(body)}`);
      return body;
    },
  };
}
