import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What the posts of these tests carry: a request has come in whole when it ends in this. */
export const PAYLOAD = '{"event":"click"}';

/** A receiver that writes its answers byte by byte as it likes, and counts. */
export type RawReceiver = {
  url: string;
  /** Requests that came in whole. */
  requests: number;
  /** Its connections, the closed ones too. */
  connections: Socket[];
  /** Resolves when every connection is closed. */
  allClosed: () => Promise<void>;
  close: () => Promise<void>;
};

/** @param answer writes what comes after a whole request; it is told how many there were before it */
export async function startRawReceiver(
  answer: (socket: Socket, earlier: number) => void,
): Promise<RawReceiver> {
  const receiver = { url: '', requests: 0, connections: [] as Socket[] };
  const server = createServer((socket) => {
    receiver.connections.push(socket);
    let seen = '';
    socket.on('error', () => undefined).setNoDelay(true);
    socket.on('data', (chunk) => {
      seen += chunk;
      if (!seen.endsWith(PAYLOAD)) return;
      seen = '';
      answer(socket, receiver.requests++);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return Object.assign(receiver, {
    allClosed: async () => {
      const open = receiver.connections.filter((socket) => !socket.closed);
      await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
    close: async () => {
      for (const socket of receiver.connections) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** Writes pieces, each in a segment of its own as far as the network lets it. */
export async function writeInPieces(socket: Socket, pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await new Promise(setImmediate);
  }
}
