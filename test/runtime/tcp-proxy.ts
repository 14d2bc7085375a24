import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * How a proxy drops open connections: `reset` breaks them now, `reset-later` when the client next writes, and `silence`
 * keeps them open and passes nothing on, as a network does after an idle time.
 */
export type DropMode = 'reset' | 'reset-later' | 'silence';

/** Passes connections on to a server, and drops them when a test asks for it. */
export type TcpProxy = {
  /** Origin, without a trailing slash. */
  url: string;
  /** Drops the connections that are open. New ones work. @returns how many were not dropped before */
  drop: (mode: DropMode) => number;
  /** Breaks every connection while it is down. */
  setDown: (down: boolean) => void;
  /** All that clients have sent so far. */
  sent: () => string;
  close: () => Promise<void>;
};

type Connection = { client: Socket; dropped: DropMode | undefined };

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
    const connection: Connection = { client, dropped: undefined };
    connections.add(connection);
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => {
      connections.delete(connection);
      upstream.destroy();
    });
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      if (connection.dropped === 'reset-later') client.resetAndDestroy();
      if (connection.dropped !== undefined) return;
      sent += chunk.toString('latin1');
      upstream.write(chunk);
    });
    return undefined;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const drop = (mode: DropMode) => {
    const open = [...connections].filter(({ dropped }) => dropped === undefined);
    for (const connection of open) {
      connection.dropped = mode;
      if (mode === 'reset') connection.client.resetAndDestroy();
    }
    return open.length;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop,
    setDown: (down) => {
      isDown = down;
      if (down) drop('reset');
    },
    sent: () => sent,
    close: async () => {
      for (const { client } of connections) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
