import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connectChecked, type Keep } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { allowedAddresses } from './egress.ts';
import type { Observer } from './observer.ts';
import { once } from './once.ts';
import { type Target, targetOf } from './target.ts';

/** A Lambda function has 1,024 file descriptors. 10 records with 50 webhooks each fit. */
const MAX_SOCKETS = 800;

/** A socket that was idle for longer is not used again, because its server may be about to close it. */
const MAX_IDLE_MS = 1_000;

/** The sockets of one invocation. */
export type Sockets = {
  /** The most sockets at a time. The caller leases no more than this. */
  max: number;
  /** Where a webhook's URL leads, as targetOf says. Each URL is checked once per invocation. */
  targetOf: (hookUrl: string) => Target | undefined;
  /**
   * Returns a socket to the host of a target for one delivery: an idle one, or a new one that connects within the
   * deadline.
   * @throws as connectChecked does
   */
  lease: (target: Target, deadline: Deadline, observer?: Observer) => Promise<Socket>;
  /** Returns a socket, so that the next delivery to its origin can use it. */
  release: (origin: string, socket: Socket) => void;
  /** Closes a socket that cannot be used again. */
  discard: (socket: Socket) => void;
  /** Closes all sockets, including those that are still connecting. */
  close: () => Promise<void>;
};

/** A socket that waits for the next delivery to its origin. */
type Idle = { origin: string; socket: Socket; sinceMs: number };

/** Data on an idle socket answers no request. It would be read as the response to the next delivery. */
function closeOnData(this: Socket): void {
  this.destroy();
}

/**
 * Whether an idle socket can be used for a delivery. The other side may have closed it without our having read that
 * yet.
 */
async function isAlive({ socket, sinceMs }: Idle): Promise<boolean> {
  // Received data is read in the next turn of the event loop. The first of these two waits only ends the current turn.
  await nextTurn();
  await nextTurn();
  socket.off('data', closeOnData);
  return socket.readable && socket.writable && performance.now() - sinceMs < MAX_IDLE_MS;
}

/**
 * All sockets of an invocation that are not yet closed. After `close`, none is kept: a new one is closed at once.
 */
function socketsUntilClosed(): { keep: Keep; close: () => Promise<void> } {
  const sockets = new Set<Socket>();
  let closing = false;
  let lastClosed: () => void = () => undefined;
  // One function for all sockets, because each has it as a listener.
  function forget(this: Socket) {
    sockets.delete(this);
    if (sockets.size === 0) lastClosed();
  }
  return {
    keep: (socket) => {
      sockets.add(socket.once('close', forget));
      if (closing) socket.destroy();
    },
    close: async () => {
      closing = true;
      if (sockets.size === 0) return;
      const allClosed = new Promise<void>((resolve) => {
        lastClosed = resolve;
      });
      for (const socket of sockets) socket.destroy();
      await allClosed;
    },
  };
}

/**
 * The sockets of an invocation. None is open yet. The limit is for all hosts together and not per host, because a host
 * may have both hanging and healthy webhooks. When idle sockets reach the limit, the one that was idle the longest is
 * closed. Close them all at the end of the invocation, because a thawed function has dead sockets.
 */
export function openSockets(max = MAX_SOCKETS): Sockets {
  const open = new Set<Socket>();
  const idle: Idle[] = [];
  const all = socketsUntilClosed();
  let connecting = 0;
  // All deliveries to a host connect to the addresses that were checked.
  const lookUp = once((hostname: string) => allowedAddresses(hostname));
  const discard = (socket: Socket) => {
    open.delete(socket);
    socket.destroy();
  };
  const takeIdle = async (origin: string): Promise<Socket | undefined> => {
    for (;;) {
      const index = idle.findLastIndex((one) => one.origin === origin);
      const [one] = index === -1 ? [] : idle.splice(index, 1);
      if (!one) return undefined;
      if (await isAlive(one)) return one.socket;
      discard(one.socket);
    }
  };
  const connect = async (target: Target, deadline: Deadline, observer?: Observer): Promise<Socket> => {
    const oldest = open.size + connecting >= max ? idle.shift() : undefined;
    if (oldest) discard(oldest.socket);
    connecting++;
    try {
      const socket = await connectChecked(target, lookUp, deadline, all.keep, observer);
      open.add(socket);
      return socket;
    } finally {
      connecting--;
    }
  };
  return {
    max,
    targetOf: once(targetOf),
    lease: async (target, deadline, observer) => {
      const socket = await takeIdle(target.origin);
      if (!socket) return connect(target, deadline, observer);
      deadline.closes(socket);
      return socket;
    },
    release: (origin, socket) => {
      if (open.has(socket))
        idle.push({ origin, socket: socket.on('data', closeOnData), sinceMs: performance.now() });
    },
    discard,
    close: () => {
      open.clear();
      return all.close();
    },
  };
}
