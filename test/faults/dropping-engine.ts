import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { linkItem } from '../../lambdas/links/link-items.ts';
import { sampleLink } from '../lambdas/sample-link.ts';

/**
 * What an engine does with a socket after its one response, as if the client had been frozen in between. `reset` and
 * `end` break it when the next request arrives, and `silent` never responds.
 */
export type DropMode = 'reset' | 'end' | 'silent';

/** The parts of DynamoDB and SQS that a click needs. The engine drops its sockets. */
export type DroppingEngine = {
  url: string;
  /** The ids of the clicks that the queue accepted, with repeats. */
  clicks: string[];
  /** How many requests arrived on a dropped socket. */
  forgotten: () => number;
  close: () => Promise<void>;
};

type Request = { target: string; body: string };

/** The request at the beginning of a text, and the rest; undefined while it is incomplete. */
function takeRequest(text: string): { request: Request; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  const body = text.slice(end + 4, end + 4 + length);
  if (body.length < length) return undefined;
  const target = /^x-amz-target: \w+\.(\w+)/im.exec(head)?.[1] ?? '';
  return { request: { target, body }, rest: text.slice(end + 4 + length) };
}

function answerTo({ target, body }: Request): object {
  if (target === 'SendMessage') {
    const { MessageBody } = JSON.parse(body);
    return { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  }
  return JSON.parse(body).Key?.pk.S.startsWith('SLUG#') ? { Item: marshall(linkItem(sampleLink())) } : {};
}

function answer(socket: Socket, value: object): void {
  const body = JSON.stringify(value);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${body.length}`;
  socket.write(`${head}\r\n\r\n${body}`);
}

const FATES: Record<DropMode, (socket: Socket) => void> = {
  reset: (socket) => socket.resetAndDestroy(),
  end: (socket) => socket.destroy(),
  silent: () => undefined,
};

/** Starts an engine that answers one request on each socket. */
export async function startDroppingEngine(mode: DropMode): Promise<DroppingEngine> {
  const clicks: string[] = [];
  const sockets = new Set<Socket>();
  let forgotten = 0;
  const server = createServer((socket) => {
    let text = '';
    let answered = 0;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const taken = takeRequest(text);
      if (!taken) return;
      text = taken.rest;
      if (answered++ > 0) {
        forgotten++;
        FATES[mode](socket);
        return;
      }
      if (taken.request.target === 'SendMessage')
        clicks.push(JSON.parse(JSON.parse(taken.request.body).MessageBody).payload.click.id);
      answer(socket, answerTo(taken.request));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clicks,
    forgotten: () => forgotten,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
