import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { allowedAddresses } from './egress.ts';

/** A time limit: `signal` aborts when it ends, and `remainingMs` returns the time left, at least 0. */
export type Deadline = { signal: AbortSignal; remainingMs: () => number };

/** The other side accepted the connection, but without TLS or with a certificate that is not valid for the host. */
class TlsFailed extends Error {}

/**
 * Whether a connection broke because of TLS. With TLS 1.3, a server that requires a client certificate says so only
 * after our side of the handshake has ended, so its alert arrives instead of a response.
 */
export function isTlsFailure(error: unknown): boolean {
  return error instanceof TlsFailed || (error as { library?: string }).library === 'SSL routines';
}

/** Resolves a host name to its checked addresses. */
type LookUp = (hostname: string) => Promise<string[]>;

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** A dead address must leave time for the next one, and a slow address needs time to answer. */
const LEAST_CONNECT_MS = 1_500;

/**
 * Opens a socket to an address. The certificate must be valid for the host name, whatever the environment says about
 * TLS.
 */
function open(address: string, { protocol, hostname, port: named }: URL): Socket {
  // The port of a URL is empty when it is the protocol's default.
  const port = Number(named) || DEFAULT_PORT[protocol];
  if (protocol !== 'https:') return connectTcp({ host: address, port: port as number, noDelay: true });
  // A host name may end in a dot, but certificates and SNI never do. An IPv6 address is in brackets.
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
    // This listener stays, because an error that no listener handles would end the function.
    socket.on('error', (cause) => reject(reached ? new TlsFailed('No TLS connection', { cause }) : cause));
  });
}

/**
 * Connects to the first checked address of a host that accepts the connection. Writes no byte of a request.
 * @throws the error of the look-up; if no address accepts the connection, the error of the last one: TlsFailed or the
 * socket's own
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

/** A Lambda function has 1,024 file descriptors. 10 records with 50 webhooks each fit. */
const MAX_SOCKETS = 800;

/** A socket that was idle for longer is not used again, because its server may be about to close it. */
const MAX_IDLE_MS = 1_000;

/** The sockets of one invocation. */
export type Sockets = {
  /** The most sockets at a time. The caller leases no more than this. */
  max: number;
  /**
   * Returns a socket to the host of a URL for one delivery: an idle one, or a new one that connects within the
   * deadline.
   * @throws as connectChecked does
   */
  lease: (url: URL, deadline: Deadline) => Promise<Socket>;
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

function whenClosed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** Looks up each host once per invocation. All deliveries to a host connect to the addresses that were checked. */
function lookUpOnce(): LookUp {
  const lookUps = new Map<string, Promise<string[]>>();
  return (hostname) => {
    const known = lookUps.get(hostname) ?? allowedAddresses(hostname);
    lookUps.set(hostname, known);
    return known;
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
