import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../end-to-end/certificates.ts';
import type { Contract, ContractAnswer } from './contract.ts';

/** A POST that a chat tool received, and what it answered. */
export type Delivered = {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  answer: ContractAnswer;
};

/** Chat tools on one loopback port, with TLS. Each has the host name of the real one. */
export type ChatTools = {
  port: number;
  /** What each host has received. */
  received: Map<string, Delivered[]>;
  /** Waits until all hosts together have received this many POSTs. */
  waitFor: (total: number) => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Starts chat tools.
 * @param contracts what each answers, by the name of its host and the start of its path
 */
export async function startChatTools(
  certificate: Certificate,
  contracts: Record<string, Contract>,
): Promise<ChatTools> {
  const received = new Map<string, Delivered[]>();
  const events = new EventEmitter();
  const server = createServer(certificate, async (request, response) => {
    const { url: path = '/', headers } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    const contract = Object.entries(contracts).find(([start]) => (host + path).startsWith(start))?.[1];
    const answer = contract?.(body) ?? { status: 404, body: 'no_service', shown: false };
    received.set(host, [...(received.get(host) ?? []), { path, headers, body, answer }]);
    response.writeHead(answer.status).end(answer.status === 204 ? undefined : answer.body);
    events.emit('received');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const total = () => [...received.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    port: (server.address() as AddressInfo).port,
    received,
    waitFor: async (wanted) => {
      while (total() < wanted) await once(events, 'received');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
