import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What becomes of connections that are open at this moment: `reset` breaks them now, `reset-later` when the client next
 * writes, and `silence` keeps them open and passes nothing on, as a network does that has forgotten them.
 */
export type Forgetting = 'reset' | 'reset-later' | 'silence';

/** Passes connections on to a server, and loses them when a test says so. */
export type TcpProxy = {
  /** Origin, without a trailing slash. */
  url: string;
  /** Loses the connections that are open. New ones work. @returns how many it has lost, beyond those lost before */
  forget: (how: Forgetting) => number;
  /** Breaks every connection while it is down. */
  setDown: (down: boolean) => void;
  /** All that clients have sent so far. */
  sent: () => string;
  close: () => Promise<void>;
};

type Connection = { client: Socket; fate: Forgetting | undefined };

/** The heads of the HTTP requests that clients have sent through a proxy. */
export const requestHeads = (proxy: TcpProxy): string[] =>
  proxy.sent().match(/POST \/ HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)+\r\n/g) ?? [];

/** Starts a proxy on a free loopback port in front of a server. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const connections = new Set<Connection>();
  let isDown = false;
  let sent = '';
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (isDown) return client.resetAndDestroy();
    const connection: Connection = { client, fate: undefined };
    connections.add(connection);
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => {
      connections.delete(connection);
      upstream.destroy();
    });
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      if (connection.fate === 'reset-later') client.resetAndDestroy();
      if (connection.fate !== undefined) return;
      sent += chunk.toString('latin1');
      upstream.write(chunk);
    });
    return undefined;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const forget = (how: Forgetting) => {
    const open = [...connections].filter(({ fate }) => fate === undefined);
    for (const connection of open) {
      connection.fate = how;
      if (how === 'reset') connection.client.resetAndDestroy();
    }
    return open.length;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forget,
    setDown: (down) => {
      isDown = down;
      if (down) forget('reset');
    },
    sent: () => sent,
    close: async () => {
      for (const { client } of connections) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
