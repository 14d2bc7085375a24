import { type buildConnector, Client } from 'undici';
import { allowedAddresses } from '../core/egress.ts';
import { connectChecked } from './connection.ts';
import type { Deadline } from './deadline.ts';

/** A Lambda has 1,024 descriptors; 10 records with 50 hooks each fit. */
const MAX_SOCKETS = 800;

/** A socket in one post's hands: the client holds at most one, for one post at a time. */
export type Lease = { origin: string; client: Client; deadline: Deadline };

/** The sockets of one invocation. */
export type Sockets = {
  /** Most sockets there may be; no more may be leased at once. */
  max: number;
  /** A socket to an origin for one post: an idle one, else a new one, which connects within the deadline. */
  lease: (origin: string, deadline: Deadline) => Lease;
  /** Gives a socket back for the next post to its origin. */
  release: (lease: Lease) => void;
  /** Closes a socket that has failed. */
  discard: (lease: Lease) => void;
  /** Closes all, also those that still connect. */
  close: () => Promise<void>;
};

function newClient(origin: string, connect: buildConnector.connector): Client {
  // HTTP/1.1 and no pipelining: one socket is one post, so that a hanging hook holds up none of its host.
  // Time is kept by the post's own signal; undici's timers come late.
  return new Client(origin, { connect, allowH2: false, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
}

/**
 * Opens no socket yet. There is one cap for all and none per host: a host may hold hanging and
 * healthy hooks alike. The caller leases no more than `max` at once; where idle sockets fill the
 * cap, the one that has been idle longest makes room. Close it at the end of the invocation, for a
 * thawed function holds dead sockets.
 */
export function openSockets(max = MAX_SOCKETS): Sockets {
  const open = new Set<Lease>();
  const idle: Lease[] = [];
  const closing = new AbortController();
  const lookUps = new Map<string, Promise<string[]>>();
  // One look-up for all posts of the invocation to a host: each connects to what was checked.
  const lookUp = (hostname: string): Promise<string[]> => {
    const known = lookUps.get(hostname) ?? allowedAddresses(hostname);
    lookUps.set(hostname, known);
    return known;
  };
  const discard = (lease: Lease) => {
    open.delete(lease);
    lease.client.destroy().catch(() => undefined);
  };
  return {
    max,
    lease: (origin, { signal, remainingMs }) => {
      const deadline = { signal: AbortSignal.any([signal, closing.signal]), remainingMs };
      const index = idle.findLastIndex((one) => one.origin === origin);
      const [warm] = index === -1 ? [] : idle.splice(index, 1);
      if (warm) return Object.assign(warm, { deadline });
      const oldest = open.size >= max ? idle.shift() : undefined;
      if (oldest) discard(oldest);
      const client = newClient(origin, (target, callback) => {
        connectChecked(target, lookUp, lease.deadline).then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      });
      const lease: Lease = { origin, client, deadline };
      open.add(lease);
      return lease;
    },
    release: (lease) => {
      if (open.has(lease)) idle.push(lease);
    },
    discard,
    close: async () => {
      closing.abort(new Error('The invocation is over'));
      const clients = [...open].map(({ client }) => client.destroy());
      open.clear();
      await Promise.allSettled(clients);
    },
  };
}
