import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { marshall } from '@aws-sdk/util-dynamodb';
import { linkItem } from '../../lambdas/links/link-items.ts';
import { sampleLink } from '../lambdas/sample-link.ts';

/** What a service does with a request. `attempt` counts the requests of this operation, from 1. */
export type Behaviour = (
  respond: {
    normally: (headers?: object) => void;
    with: (status: number, body: unknown, headers?: object) => void;
  },
  request: IncomingMessage,
  response: ServerResponse,
  attempt: number,
) => void;

export type FaultyAws = { url: string; requests: Record<string, number>; close: () => Promise<void> };

const HEADERS = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'REQUEST' };

function normalAnswer(operation: string, body: string): object {
  const { MessageBody, Key } = JSON.parse(body);
  if (operation === 'SendMessage')
    return { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  return Key?.pk.S.startsWith('SLUG#') ? { Item: marshall(linkItem(sampleLink())) } : {};
}

/** DynamoDB and SQS, as far as a click needs them. One operation misbehaves. */
export async function startFaultyAws(faulty: string, behave: Behaviour): Promise<FaultyAws> {
  const requests: Record<string, number> = {};
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const attempt = (requests[operation] ?? 0) + 1;
    requests[operation] = attempt;
    const answer = (status: number, value: unknown, headers = {}) =>
      response
        .writeHead(status, { ...HEADERS, ...headers })
        .end(typeof value === 'string' ? value : JSON.stringify(value));
    const normally = (headers = {}) => answer(200, normalAnswer(operation, body), headers);
    if (operation === faulty) behave({ normally, with: answer }, request, response, attempt);
    else normally();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
