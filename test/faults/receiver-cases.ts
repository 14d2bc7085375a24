import type { ServerOptions } from 'node:https';
import { type Authority, selfSigned } from '../end-to-end/certificates.ts';
import type { DnsServer } from '../end-to-end/dns-server.ts';
import { type FaultyReceiver, startFaultyReceiver } from './faulty-receiver.ts';

/** The receivers of the cases: HTTP, the targets of redirects, and TLS by the name of the case. */
export type Receivers = {
  receiver: FaultyReceiver;
  elsewhere: FaultyReceiver;
  tls: Map<string, FaultyReceiver>;
};

const TLS_HOST = 'tls.example.com';
const METADATA = 'http://169.254.169.254/latest/meta-data/';
const NAMES = ['missing', 'moved', 'mixed', 'alternating'];

export const REDIRECTS = [301, 302, 307, 308];
export const BEHAVIOURS = [
  'ok/plain',
  'no-content',
  'status/500',
  'status/429',
  'status/410',
  'hang',
  'drip',
  'endless',
  'bomb',
  'reset',
  'continue',
  'hints',
  'only-continue',
  'switching-protocols',
  'headers/60',
  'headers/80',
  'line-feeds',
];

/**
 * A secret of the receiver's owner, as the product page recommends. It is in every URL and must not appear in any log.
 */
const QUERY = '?secret=never-in-the-log';

/** A URL of a receiver with another host name. */
export function named({ port }: FaultyReceiver, host: string, path: string): string {
  return `http://${host}:${port}/${path}${QUERY}`;
}

/** A URL of a receiver with its address. */
export function at(receiver: FaultyReceiver, path: string): string {
  return named(receiver, '127.0.0.1', path);
}

/** The webhooks of each case that is clicked at the beginning. */
export function receiverCases({ receiver, elsewhere, tls }: Receivers): Record<string, string[]> {
  const single = (name: string, url: string): [string, string[]] => [name, [url]];
  const redirect = (code: number, name: string, to: string) =>
    at(receiver, `redirect/${code}/${encodeURIComponent(to)}/${name}`);
  return Object.fromEntries([
    ...BEHAVIOURS.map((name) => single(name, at(receiver, name))),
    ...REDIRECTS.map((code): [string, string[]] => [
      `redirect/${code}`,
      [redirect(code, 'away', at(elsewhere, 'ok')), redirect(code, 'metadata', METADATA)],
    ]),
    ...[...tls].map(([name, { port }]) => single(name, `https://${TLS_HOST}:${port}/ok/${name}${QUERY}`)),
    ...NAMES.map((name) => single(name, named(receiver, `${name}.example.com`, `ok/${name}`))),
    single('refused', 'http://127.0.0.1:9/'),
  ]);
}

/**
 * The DNS answers for the names of the cases. Loopback stands for a public address, because the local stack may use it.
 */
export function setZones({ zones }: DnsServer): void {
  zones.set(TLS_HOST, ['127.0.0.1']);
  for (let index = 0; index < 8; index++) zones.set(`hanging${index}.example.com`, 'hang');
  // The first look-up happens when the webhook is saved.
  zones.set('moved.example.com', (asked) => (asked === 1 ? ['127.0.0.1'] : ['10.0.0.1']));
  zones.set('mixed.example.com', (asked) => (asked === 1 ? 'missing' : ['127.0.0.1', '10.0.0.1']));
  zones.set('alternating.example.com', (asked) => (asked % 2 === 1 ? ['127.0.0.1'] : ['10.0.0.1']));
}

/** A receiver with each certificate or requirement, by the name of its case. */
export async function startTlsReceivers(authority: Authority): Promise<Map<string, FaultyReceiver>> {
  const good = await authority.issue([TLS_HOST]);
  const demanding = { ...good, requestCert: true, rejectUnauthorized: true };
  const options: Record<string, ServerOptions> = {
    'tls-good': good,
    'tls-1.2-demanding': { ...demanding, maxVersion: 'TLSv1.2' },
    'tls-1.3-demanding': { ...demanding, minVersion: 'TLSv1.3' },
    'tls-expired': await authority.issue([TLS_HOST], new Date(Date.now() - 60_000)),
    'tls-wrong-host': await authority.issue(['other.example.com']),
    'tls-self-signed': await selfSigned(TLS_HOST),
  };
  const started = Object.entries(options).map(
    async ([name, tls]) => [name, await startFaultyReceiver(tls)] as const,
  );
  return new Map(await Promise.all(started));
}
