import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isAllowedAddress, isLoopbackName, loopbackAllowed } from '../core/egress.ts';
import { ENV } from '../core/env.ts';

/** The egress rules shut out where a webhook's name leads: nothing was sent. */
export class EgressRefused extends Error {
  readonly code = 'EGRESS_REFUSED';
}

const DNS_TIMEOUT_MS = 2_000;

// c-ares instead of dns.lookup: four hanging names would fill libuv's threads and stall all others.
function resolver(): dns.Resolver {
  const own = new dns.Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  const servers = process.env[ENV.dnsServers];
  if (servers) own.setServers(servers.split(','));
  return own;
}

async function resolveName(hostname: string): Promise<string[]> {
  if (loopbackAllowed() && isLoopbackName(hostname)) return ['127.0.0.1', '::1'];
  const names = resolver();
  const answers = await Promise.allSettled([names.resolve4(hostname), names.resolve6(hostname)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (addresses.length === 0 && failed) throw failed.reason;
  return addresses;
}

/**
 * The addresses that a post to this host may connect to, IPv4 first.
 * @throws EgressRefused when the host, or any address of its name, is off limits; a DNS error as it came
 */
export async function allowedAddresses(hostname: string): Promise<string[]> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(literal) ? [literal] : await resolveName(hostname);
  const blocked = addresses.find((address) => !isAllowedAddress(address));
  if (blocked !== undefined) throw new EgressRefused(`${hostname} leads to a private or reserved address`);
  return addresses;
}

type Connection = { options: buildConnector.Options; connector: buildConnector.connector };

function connectTo(
  address: string,
  { options, connector }: Connection,
): Promise<Parameters<buildConnector.Callback>> {
  const isName = isIP(options.hostname.replace(/^\[|\]$/g, '')) === 0;
  // Host header and SNI stay the name's; only the address is the one that was checked.
  const servername = options.servername ?? (isName ? options.hostname : undefined);
  const checked = {
    ...options,
    hostname: address,
    ...(servername ? { servername } : {}),
  } as buildConnector.Options;
  return new Promise((resolve) => connector(checked, (...outcome) => resolve(outcome)));
}

/** Connects to the first checked address that takes the connection. */
async function connectChecked(connection: Connection): Promise<Parameters<buildConnector.Callback>> {
  const addresses = await allowedAddresses(connection.options.hostname);
  let outcome: Parameters<buildConnector.Callback> = [new Error('The name has no address'), null];
  for (const address of addresses) {
    outcome = await connectTo(address, connection);
    if (outcome[0] === null) return outcome;
  }
  return outcome;
}

/**
 * Sockets for the posts of one invocation; close it at its end, for a thawed function holds dead
 * sockets. No cap per host: a host may hold hanging and healthy hooks alike.
 * @param deadlineMs no connection attempt outlives it
 */
export function postAgent(deadlineMs: number): Agent {
  const connector = buildConnector({ timeout: deadlineMs });
  return new Agent({
    pipelining: 1,
    connect: (options, callback) => {
      connectChecked({ options, connector }).then(
        (outcome) => callback(...outcome),
        (error: Error) => callback(error, null),
      );
    },
  });
}
