import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The body of these tests' deliveries. A request is complete when it ends in this. */
export const PAYLOAD = '{"event":"click"}';

/** A receiver that writes any bytes as its response, and counts its requests. */
export type RawReceiver = {
  url: string;
  /** The number of complete requests. */
  requests: number;
  /** Its connections, including closed ones. */
  connections: Socket[];
  /** Resolves when every connection is closed. */
  allClosed: () => Promise<void>;
  close: () => Promise<void>;
};

/** @param answer writes the response to a complete request; receives the number of earlier requests */
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

/** Writes each piece in its own segment, as far as the network allows it. */
export async function writeInPieces(socket: Socket, pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await new Promise(setImmediate);
  }
}
