import { isIP } from 'node:net';
import { checkHookUrl } from './egress.ts';
import { type BodyFormat, formatOf, sentQuery } from './messages/receivers.ts';

/** The parts of a webhook's URL that a delivery needs. Each is read from the URL once, because many clicks use it. */
export type Target = {
  secure: boolean;
  hostname: string;
  port: number;
  /** The name in the certificate; undefined when the host is an address. */
  servername: string | undefined;
  /** Scheme, host and port. Deliveries to the same origin can use the same socket. */
  origin: string;
  /** The value of the header `Host`. */
  host: string;
  /** Path and query, without the parameter that chooses a format. */
  path: string;
  /** The format of the body. */
  format: BodyFormat;
};

const DEFAULT_PORT = { http: 80, https: 443 };

/** Where a webhook's URL leads; undefined when the egress rules forbid it. Looks up no name. */
export function targetOf(hookUrl: string): Target | undefined {
  const checked = checkHookUrl(hookUrl);
  if (checked.problem !== undefined) return undefined;
  const { url } = checked;
  const secure = url.protocol === 'https:';
  // A host name may end in a dot, but certificates and SNI never do. An IPv6 address is in brackets.
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return {
    secure,
    hostname: url.hostname,
    // The port of a URL is empty when it is the protocol's default.
    port: Number(url.port) || (secure ? DEFAULT_PORT.https : DEFAULT_PORT.http),
    servername: isAddress ? undefined : url.hostname.replace(/\.$/, ''),
    origin: url.origin,
    host: url.host,
    path: url.pathname + sentQuery(url),
    format: formatOf(url),
  };
}
