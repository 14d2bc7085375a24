import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Deadline } from './deadline.ts';

/** The other side took the connection, but not as the host it should be, or not with TLS. */
export class TlsFailed extends Error {}

/**
 * Whether a connection broke for a reason of TLS. Since TLS 1.3 a server that wants a certificate of ours says so
 * only when we take the handshake to be over, so that its alert comes in place of an answer.
 */
export function isTlsFailure(error: unknown): boolean {
  return error instanceof TlsFailed || (error as { library?: string }).library === 'SSL routines';
}

/** Where a post goes, as its URL says: `port` is empty where it is the protocol's own. */
export type Target = Pick<URL, 'protocol' | 'hostname' | 'port'>;

/** The checked addresses of a host name. */
export type LookUp = (hostname: string) => Promise<string[]>;

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** One dead address must leave time for the next, and none may be given up before a slow one has answered. */
const LEAST_CONNECT_MS = 1_500;

/** Opens a socket to an address. Certificate and SNI stay the name's, whatever the environment says of TLS. */
function open(address: string, { protocol, hostname, port: named }: Target): Socket {
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

function connectTo(address: string, target: Target, signal: AbortSignal): Promise<Socket> {
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
    // It stays: a socket that breaks before its next owner listens must not end the function.
    socket.on('error', (cause) => reject(reached ? new TlsFailed('No TLS connection', { cause }) : cause));
  });
}

/**
 * Connects to the first checked address of a host that takes the connection, before a byte of a
 * request is written. The reason of the last one is thrown when none does.
 * @throws what the look-up throws; TlsFailed; the socket's own error
 */
export async function connectChecked(
  target: Target,
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
