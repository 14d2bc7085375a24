import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of an engine that records every request body. */
export type RecordingProxy = { url: string; bodies: string[]; close: () => Promise<void> };

/** What the proxy does in addition: it can replace the body of a request, and read the response. */
export type Interception = { rewrite?: (body: string) => string; onAnswer?: (body: string) => void };

/** @param target the origin of the engine */
export async function startRecordingProxy(
  target: string,
  { rewrite = (body) => body, onAnswer = () => undefined }: Interception = {},
): Promise<RecordingProxy> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = rewrite(Buffer.concat(chunks).toString());
    bodies.push(body);
    const { 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(body.length > 0 ? { body } : {}),
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    onAnswer(bytes.toString());
    response.end(bytes);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
