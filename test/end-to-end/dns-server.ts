import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';

/** The answer for a name: its addresses, no such name, or no answer at all. */
export type Zone = string[] | 'missing' | 'hang';

/** A DNS server on a free loopback port. */
export type DnsServer = {
  /** `address:port`, the format of CLICKHOOK_DNS_SERVERS. */
  address: string;
  /** Sets the answers for names. A name without an answer does not exist. */
  zones: Map<string, Zone | ((asked: number) => Zone)>;
  /** How many milliseconds the answers for a name take. 0 by default. */
  delaysMs: Map<string, number>;
  /** How often the IPv4 addresses of a name were requested. */
  asked: (name: string) => number;
  /** Resolves when a name has been requested this many times. */
  whenAsked: (name: string, times: number) => Promise<void>;
  close: () => Promise<void>;
};

const NO_SUCH_NAME = 3;

function answers(name: string, type: string, addresses: string[]): Answer[] {
  const wanted = addresses.filter((address) => address.includes(':') === (type === 'AAAA'));
  return wanted.map((data) => ({ type: type as 'A' | 'AAAA', name, ttl: 0, data }));
}

/** Starts a DNS server whose answers the test sets. */
export async function startDnsServer(): Promise<DnsServer> {
  const zones: DnsServer['zones'] = new Map();
  const delaysMs: DnsServer['delaysMs'] = new Map();
  const counts = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const { name = '', type = 'A' } = questions[0] ?? {};
    if (type === 'A') counts.set(name, (counts.get(name) ?? 0) + 1);
    const entry = zones.get(name) ?? 'missing';
    const zone = typeof entry === 'function' ? entry(counts.get(name) ?? 0) : entry;
    socket.emit('asked');
    if (zone === 'hang') return;
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | (zone === 'missing' ? NO_SUCH_NAME : 0);
    const found = zone === 'missing' ? [] : answers(name, type, zone);
    const response = encode({ type: 'response', id, flags, questions, answers: found });
    setTimeout(() => socket.send(response, from.port, from.address), delaysMs.get(name) ?? 0);
  });
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  const asked = (name: string) => counts.get(name) ?? 0;
  return {
    address: `127.0.0.1:${socket.address().port}`,
    zones,
    delaysMs,
    asked,
    whenAsked: async (name, times) => {
      while (asked(name) < times) await once(socket, 'asked');
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
