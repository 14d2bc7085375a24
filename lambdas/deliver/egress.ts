import { promises as dns } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { ENV, ownHosts } from '../env.ts';
import { MAX_HOOK_URL_LENGTH } from '../hooks/hook.ts';
import { hostTextProblem } from '../text.ts';

// Special-purpose ranges that a delivery must never reach (IANA special-purpose registries, and 168.63.129.16, a cloud
// platform's address). For IPv6 the list is reversed: only global unicast (2000::/3) is allowed, and not all of it.
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

/** Whether deliveries may reach this machine. Only the local stack sets this. */
export function loopbackAllowed(): boolean {
  return process.env[ENV.allowLoopback] === '1';
}

/** Whether a delivery may connect to this address (IPv4 or IPv6, without brackets). */
export function isAllowedAddress(address: string, allowLoopback = loopbackAllowed()): boolean {
  const family = isIP(address);
  if (family === 4) {
    return !blockedIpv4.check(address, 'ipv4') || (allowLoopback && loopbackIpv4.check(address, 'ipv4'));
  }
  // Only link-local addresses have a zone (`fe80::1%eth0`).
  if (family === 6 && !address.includes('%')) {
    if (allowLoopback && address === '::1') return true;
    return openIpv6.check(address, 'ipv6') && !blockedIpv6.check(address, 'ipv6');
  }
  return false;
}

const PRIVATE_SUFFIX = /(^|\.)(localhost|local|internal)$/;
const LOOPBACK_NAME = /(^|\.)localhost$/;

/** Whether a name is `localhost` or below it. One trailing dot makes no difference. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK_NAME.test(withoutDot(hostname));
}

const withoutDot = (hostname: string) => hostname.replace(/\.$/, '');
const withoutBrackets = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

/** What is wrong with a host that deliveries must not reach. */
export const PRIVATE_ADDRESS = 'must not point to a private or reserved address';
/** What is wrong with a name that only this machine or a private network knows. */
export const PRIVATE_NAME = 'must not point to this machine or a private network';
/** What is wrong with a host of this stack. */
export const OWN_HOST = 'must not point to this service itself';
/** What is wrong with a URL that contains credentials. */
export const CREDENTIALS = 'must not contain a user name or a password';

function hostProblem(hostname: string, allowLoopback: boolean, own: string[]): string | undefined {
  const literal = withoutBrackets(hostname);
  if (isIP(literal)) return isAllowedAddress(literal, allowLoopback) ? undefined : PRIVATE_ADDRESS;
  const problem = hostTextProblem(hostname);
  if (problem !== undefined) return problem;
  const name = withoutDot(hostname);
  if (allowLoopback && isLoopbackName(name)) return undefined;
  if (own.includes(name)) return OWN_HOST;
  if (PRIVATE_SUFFIX.test(name)) return PRIVATE_NAME;
  return name.includes('.') ? undefined : 'must contain a full host name, such as hooks.example.com';
}

/** A webhook URL in its normalised form, or the sentence that says what is wrong with it. */
export type CheckedUrl = { href: string; url: URL; problem?: never } | { problem: string };

/**
 * Checks a webhook URL without any look-up: its scheme, credentials, port and host. This runs when a webhook is saved
 * and again at each delivery. The address is checked again when the connection is opened.
 */
export function checkHookUrl(text: unknown, allowLoopback = loopbackAllowed()): CheckedUrl {
  if (typeof text !== 'string' || text.trim() === '')
    return { problem: 'must be text: the URL that receives the clicks' };
  if (text.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return { problem: 'must be a full URL, such as https://example.com/hook' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'must start with https:// or http://' };
  if (url.username || url.password) return { problem: CREDENTIALS };
  if (url.port === '0') return { problem: 'must not use port 0' };
  if (url.href.length > MAX_HOOK_URL_LENGTH)
    return { problem: `must be at most ${MAX_HOOK_URL_LENGTH} characters long` };
  const problem = hostProblem(url.hostname, allowLoopback, ownHosts());
  return problem ? { problem } : { href: url.href, url };
}

/** The egress rules forbid the address of a webhook's host. Nothing was sent. */
export class EgressRefused extends Error {}

/** A webhook's host name has no address, or its DNS server did not answer in time. */
export class NameUnresolved extends Error {}

/** The most time that a delivery's look-up may take. The rest of its 5 s is for the connection. */
const DNS_TIMEOUT_MS = 2_000;

/**
 * All addresses of a name, IPv4 first. Uses c-ares and not dns.lookup, whose four threads could be blocked by four
 * hanging names. Each look-up has its own resolver, because a resolver that has seen quick answers waits less (1 s
 * instead of 2), and a slow name would fail.
 */
async function resolveName(hostname: string, timeoutMs: number): Promise<string[]> {
  if (loopbackAllowed() && isLoopbackName(hostname)) return ['127.0.0.1', '::1'];
  const resolver = new dns.Resolver({ timeout: timeoutMs, tries: 1 });
  const servers = process.env[ENV.dnsServers];
  if (servers) resolver.setServers(servers.split(','));
  // With several servers, each has its own time limit. This one is for all of them together.
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
 * The addresses that a delivery to this host may connect to, IPv4 first.
 * @throws EgressRefused when the egress rules forbid the host or any of its addresses; NameUnresolved
 */
export async function allowedAddresses(hostname: string, timeoutMs = DNS_TIMEOUT_MS): Promise<string[]> {
  const literal = withoutBrackets(hostname);
  const addresses = isIP(literal) ? [literal] : await resolveName(hostname, timeoutMs);
  if (addresses.every((address) => isAllowedAddress(address))) return addresses;
  throw new EgressRefused(`${hostname} points to a private or reserved address`);
}
