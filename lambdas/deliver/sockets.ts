import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connectChecked, type LookUp } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { allowedAddresses } from './egress.ts';

/** A Lambda has 1,024 descriptors; 10 records with 50 hooks each fit. */
const MAX_SOCKETS = 800;

/** A socket that has been idle for longer is not used again: its server may be about to close it. */
const MAX_IDLE_MS = 1_000;

/** The sockets of one invocation. */
export type Sockets = {
  /** Most sockets there may be; no more may be leased at once. */
  max: number;
  /**
   * A socket to a URL's host for one post: an idle one, else a new one that connects within the deadline.
   * @throws as connectChecked does
   */
  lease: (url: URL, deadline: Deadline) => Promise<Socket>;
  /** Gives a socket back for the next post to its origin. */
  release: (origin: string, socket: Socket) => void;
  /** Closes a socket that can serve no other post. */
  discard: (socket: Socket) => void;
  /** Closes all, also those that still connect. */
  close: () => Promise<void>;
};

/** A socket that waits for the next post to its origin. */
type Idle = { origin: string; socket: Socket; sinceMs: number };

/** Nobody has asked for anything on an idle socket: whatever comes would be taken for the next post's answer. */
function closeOnData(this: Socket): void {
  this.destroy();
}

/** Whether an idle socket can be written to: it is surely dead when its end has come in and was not looked at yet. */
async function isAlive({ socket, sinceMs }: Idle): Promise<boolean> {
  // What has come in is read in the next turn of the event loop; the first of the two is this one's end.
  await nextTurn();
  await nextTurn();
  socket.off('data', closeOnData);
  return socket.readable && socket.writable && performance.now() - sinceMs < MAX_IDLE_MS;
}

function whenClosed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** One look-up for all posts of an invocation to a host: each connects to what was checked. */
function lookUpOnce(): LookUp {
  const lookUps = new Map<string, Promise<string[]>>();
  return (hostname) => {
    const known = lookUps.get(hostname) ?? allowedAddresses(hostname);
    lookUps.set(hostname, known);
    return known;
  };
}

/**
 * Opens no socket yet. There is one cap for all and none per host: a host may hold hanging and
 * healthy hooks alike. The caller leases no more than `max` at once; where idle sockets fill the
 * cap, the one that has been idle longest makes room. Close it at the end of the invocation, because a
 * thawed function holds dead sockets.
 */
export function openSockets(max = MAX_SOCKETS): Sockets {
  const open = new Set<Socket>();
  const idle: Idle[] = [];
  const closing = new AbortController();
  let connecting = 0;
  const lookUp = lookUpOnce();
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
  const connect = async (url: URL, { signal, remainingMs }: Deadline): Promise<Socket> => {
    const oldest = open.size + connecting >= max ? idle.shift() : undefined;
    if (oldest) discard(oldest.socket);
    connecting++;
    try {
      const deadline = { signal: AbortSignal.any([signal, closing.signal]), remainingMs };
      const socket = await connectChecked(url, lookUp, deadline);
      open.add(socket);
      return socket;
    } finally {
      connecting--;
    }
  };
  return {
    max,
    lease: async (url, deadline) => (await takeIdle(url.origin)) ?? connect(url, deadline),
    release: (origin, socket) => {
      if (open.has(socket))
        idle.push({ origin, socket: socket.on('data', closeOnData), sinceMs: performance.now() });
    },
    discard,
    close: async () => {
      closing.abort(new Error('The invocation is over'));
      const closed = [...open].filter((socket) => !socket.closed).map(whenClosed);
      for (const socket of open) discard(socket);
      await Promise.all(closed);
    },
  };
}
