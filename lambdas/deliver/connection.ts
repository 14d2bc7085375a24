import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { allowedAddresses } from './egress.ts';

/** When something has to be over: `signal` aborts then, `remainingMs` is the time left until then, at least 0. */
export type Deadline = { signal: AbortSignal; remainingMs: () => number };

/** The other side took the connection, but without TLS, or without proof that it is the host. */
class TlsFailed extends Error {}

/**
 * Whether a connection broke because of TLS. Since TLS 1.3 a server that demands a client certificate says so after
 * the handshake is over for us, so that its alert comes instead of an answer.
 */
export function isTlsFailure(error: unknown): boolean {
  return error instanceof TlsFailed || (error as { library?: string }).library === 'SSL routines';
}

/** The checked addresses of a host name. */
type LookUp = (hostname: string) => Promise<string[]>;

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** A dead address must leave time for the next one, but a slow address needs time to answer. */
const LEAST_CONNECT_MS = 1_500;

/** Opens a socket to an address. The certificate must be the host name's, whatever the environment says about TLS. */
function open(address: string, { protocol, hostname, port: named }: URL): Socket {
  // A URL names no port when it is the protocol's own.
  const port = Number(named) || DEFAULT_PORT[protocol];
  if (protocol !== 'https:') return connectTcp({ host: address, port: port as number, noDelay: true });
  // A name may end in a dot; certificates and SNI never do. An IPv6 address stands in brackets.
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  const name = isAddress ? {} : { servername: hostname.replace(/\.$/, '') };
  return connectTls({
    host: address,
    port,
    ...name,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  }).setNoDelay(true);
}

function connectTo(address: string, target: URL, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = open(address, target);
  return new Promise((resolve, reject) => {
    let reached = false;
    const giveUp = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => {
      reached = true;
    });
    socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(socket);
    });
    // This listener stays: a socket that breaks while nobody else listens must not end the function.
    socket.on('error', (cause) => reject(reached ? new TlsFailed('No TLS connection', { cause }) : cause));
  });
}

/**
 * Connects to the first checked address of a host that takes the connection. No byte of a request is written yet.
 * @throws what the look-up throws; when no address takes the connection, the error of the last: TlsFailed or the socket's own
 */
async function connectChecked(
  target: URL,
  lookUp: LookUp,
  { signal, remainingMs }: Deadline,
): Promise<Socket> {
  const addresses = await lookUp(target.hostname);
  let failure: unknown;
  for (const [index, address] of addresses.entries()) {
    const fairMs = Math.ceil(remainingMs() / (addresses.length - index));
    const shareMs = Math.max(LEAST_CONNECT_MS, fairMs);
    try {
      return await connectTo(address, target, AbortSignal.any([signal, AbortSignal.timeout(shareMs)]));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** A Lambda has 1,024 descriptors; 10 records with 50 hooks each fit. */
const MAX_SOCKETS = 800;

/** A socket that has been idle for longer is not used again, because its server may be about to close it. */
const MAX_IDLE_MS = 1_000;

/** The sockets of one invocation. */
export type Sockets = {
  /** The most sockets there may be. The caller leases no more at once. */
  max: number;
  /**
   * A socket to a URL's host for one post: an idle one, or a new one that connects within the deadline.
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

/** Bytes on an idle socket answer no request, and would be taken for the next post's answer. */
function closeOnData(this: Socket): void {
  this.destroy();
}

/** Whether an idle socket can serve a post. Its end may have arrived without having been read. */
async function isAlive({ socket, sinceMs }: Idle): Promise<boolean> {
  // What has arrived is read in the next turn of the event loop. The first of these two waits only for the end of this one.
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
 * The sockets of an invocation; none is open yet. There is one cap for all hosts and none per host, because a host may
 * have both hanging and healthy webhooks. When idle sockets fill the cap, the one that has been idle longest makes room.
 * Close them at the end of the invocation, because a thawed function holds dead sockets.
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
