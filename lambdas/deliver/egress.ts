import { promises as dns } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { ENV, ownHosts } from '../env.ts';
import { MAX_HOOK_URL_LENGTH } from '../hooks/hook.ts';
import { hostTextProblem } from '../text.ts';

// Special-purpose ranges that a delivery may never reach (IANA special-purpose registries, and
// 168.63.129.16, a cloud's platform address). IPv6 is the other way round: only global unicast
// (2000::/3) is open, and not all of that.
const BLOCKED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const OPEN_IPV6 = ['2000::/3'];
const BLOCKED_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

function ranges(cidrs: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

const blockedIpv4 = ranges(BLOCKED_IPV4, 'ipv4');
const openIpv6 = ranges(OPEN_IPV6, 'ipv6');
const blockedIpv6 = ranges(BLOCKED_IPV6, 'ipv6');
const loopbackIpv4 = ranges(['127.0.0.0/8'], 'ipv4');

/** Whether the local stack's switch lets deliveries reach this machine itself. */
export function loopbackAllowed(): boolean {
  return process.env[ENV.allowLoopback] === '1';
}

/** Whether a delivery may connect to this address (IPv4 or IPv6, without brackets). */
export function isAllowedAddress(address: string, allowLoopback = loopbackAllowed()): boolean {
  const family = isIP(address);
  if (family === 4) {
    return !blockedIpv4.check(address, 'ipv4') || (allowLoopback && loopbackIpv4.check(address, 'ipv4'));
  }
  // A zone (`fe80::1%eth0`) is of link-local addresses only.
  if (family === 6 && !address.includes('%')) {
    if (allowLoopback && address === '::1') return true;
    return openIpv6.check(address, 'ipv6') && !blockedIpv6.check(address, 'ipv6');
  }
  return false;
}

const PRIVATE_SUFFIX = /(^|\.)(localhost|local|internal)$/;
const LOOPBACK_NAME = /(^|\.)localhost$/;

/** Whether a name is `localhost` or below it; one trailing dot does not matter. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK_NAME.test(withoutDot(hostname));
}

const withoutDot = (hostname: string) => hostname.replace(/\.$/, '');
const withoutBrackets = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

/** What is wrong with a host that leads where no delivery may go. */
export const PRIVATE_ADDRESS = 'must not lead to a private or reserved address';

function hostProblem(hostname: string, allowLoopback: boolean, own: string[]): string | undefined {
  const literal = withoutBrackets(hostname);
  if (isIP(literal)) return isAllowedAddress(literal, allowLoopback) ? undefined : PRIVATE_ADDRESS;
  const problem = hostTextProblem(hostname);
  if (problem !== undefined) return problem;
  const name = withoutDot(hostname);
  if (allowLoopback && isLoopbackName(name)) return undefined;
  if (own.includes(name)) return 'must not lead back to this service';
  if (PRIVATE_SUFFIX.test(name)) return 'must not lead to this machine or a private network';
  return name.includes('.') ? undefined : 'must name a full host, such as hooks.example.com';
}

/** A webhook URL in its normalised form, or the sentence that says what is wrong with it. */
export type CheckedUrl = { href: string; url: URL; problem?: never } | { problem: string };

/**
 * Checks a webhook URL, without any look-up: scheme, credentials, port and host. It runs when a
 * hook is saved and again when it is posted to; the address is checked once more at the connection.
 */
export function checkHookUrl(text: unknown, allowLoopback = loopbackAllowed()): CheckedUrl {
  if (typeof text !== 'string' || text.trim() === '')
    return { problem: 'must be a text: the URL that gets the clicks' };
  if (text.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return { problem: 'must be a full URL, such as https://example.com/hook' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'must start with https:// or http://' };
  if (url.username || url.password) return { problem: 'must not hold a user name or a password' };
  if (url.port === '0') return { problem: 'must not use port 0' };
  if (url.href.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const problem = hostProblem(url.hostname, allowLoopback, ownHosts());
  return problem ? { problem } : { href: url.href, url };
}

/** The egress rules shut out where a webhook's name leads: nothing was sent. */
export class EgressRefused extends Error {}

/** A webhook's name has no address, or its DNS server did not answer in time. */
export class NameUnresolved extends Error {}

/** A look-up of a delivery takes this long at most; the rest of its 5 s is for the connection. */
const DNS_TIMEOUT_MS = 2_000;

/**
 * All addresses of a name, IPv4 first. By c-ares and not by dns.lookup, whose four threads four hanging
 * names would fill. A resolver of its own for every look-up: one that has seen quick answers waits less
 * and less (1 s instead of 2), and a slow name would fail for it.
 */
async function resolveName(hostname: string, timeoutMs: number): Promise<string[]> {
  if (loopbackAllowed() && isLoopbackName(hostname)) return ['127.0.0.1', '::1'];
  const resolver = new dns.Resolver({ timeout: timeoutMs, tries: 1 });
  const servers = process.env[ENV.dnsServers];
  if (servers) resolver.setServers(servers.split(','));
  // With several servers each has its own time: this is the end for all of them.
  const end = setTimeout(() => resolver.cancel(), timeoutMs);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  clearTimeout(end);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (addresses.length === 0)
    throw new NameUnresolved(`${hostname} has no address`, { cause: failed?.reason });
  return addresses;
}

/**
 * The addresses that a post to this host may connect to, IPv4 first.
 * @throws EgressRefused when the host, or any address of its name, is off limits; NameUnresolved
 */
export async function allowedAddresses(hostname: string, timeoutMs = DNS_TIMEOUT_MS): Promise<string[]> {
  const literal = withoutBrackets(hostname);
  const addresses = isIP(literal) ? [literal] : await resolveName(hostname, timeoutMs);
  if (addresses.every((address) => isAllowedAddress(address))) return addresses;
  throw new EgressRefused(`${hostname} leads to a private or reserved address`);
}
