import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Deadline } from './deadline.ts';
import type { Observer } from './observer.ts';
import type { Target } from './target.ts';

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

/** A dead address must leave time for the next one, and a slow address needs time to answer. */
const LEAST_CONNECT_MS = 1_500;

/**
 * Opens a socket to an address. The certificate must be valid for the host name, whatever the environment says about
 * TLS.
 */
function open(address: string, { secure, port, servername }: Target): Socket {
  if (!secure) return connectTcp({ host: address, port, noDelay: true });
  return connectTls({
    host: address,
    port,
    ...(servername === undefined ? {} : { servername }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  }).setNoDelay(true);
}

/**
 * Waits until a new socket is connected, with TLS if it is `secure`. Its listener for errors stays, because an error
 * that no listener handles would end the function.
 */
function connected(socket: Socket, secure: boolean, observer: Observer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let reached = false;
    let ready = false;
    socket.once('connect', () => {
      reached = true;
      observer?.reached('connection');
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      ready = true;
      if (secure) observer?.reached('tls');
      resolve();
    });
    // Both may happen to a socket that is connected. Then nobody needs an error, and creating one is expensive.
    socket.on('error', (cause) => {
      if (!ready) reject(reached ? new TlsFailed('No TLS connection', { cause }) : cause);
    });
    socket.once('close', () => {
      if (!ready) reject(new Error('The socket was closed before it was connected'));
    });
  });
}

/** Keeps a new socket, until it is closed. */
export type Keep = (socket: Socket) => void;

/**
 * Connects to the first checked address of a host that accepts the connection. Writes no byte of a request.
 * @param keep receives each socket before it is connected
 * @throws the error of the look-up; if no address accepts the connection, the error of the last one: TlsFailed or the
 * socket's own
 */
export async function connectChecked(
  target: Target,
  lookUp: LookUp,
  deadline: Deadline,
  keep: Keep,
  observer?: Observer,
): Promise<Socket> {
  const addresses = await lookUp(target.hostname);
  observer?.reached('dns');
  let failure: unknown;
  for (const [index, address] of addresses.entries()) {
    if (deadline.isOver) throw new Error('The time is over');
    const left = addresses.length - index;
    const socket = open(address, target);
    keep(socket);
    deadline.closes(socket);
    const shareMs = Math.max(LEAST_CONNECT_MS, deadline.remainingMs / left);
    // The last address has all the time that is left.
    const share = left > 1 ? setTimeout(() => socket.destroy(), shareMs) : undefined;
    try {
      await connected(socket, target.secure, observer);
      return socket;
    } catch (error) {
      failure = error;
    } finally {
      clearTimeout(share);
    }
  }
  throw failure;
}
